import type { Ping } from '../../../src/base/types.js'
import type { Comment } from './wordpress.js'

/**
 * The row of `wp_comments` that WordPress 6.1 makes of a ping whose characters it read right: tags stripped, white space
 * squeezed, cut to 250 and 252 characters, and what is left escaped as a comment's HTML.
 */
export function storedByWordPress({ url, title, excerpt, blogName }: Ping): Comment {
  return {
    type: 'trackback',
    author: escaped(withoutTags(blogName ?? '')),
    // A ping carries its URL in ASCII (PROTOCOL 121).
    url: escaped(new URL(url).href),
    content: `<strong>${escaped(cut(title ?? '', 250))}</strong>\n\n${escaped(cut(excerpt ?? '', 252))}`,
  }
}

/** As `wp_html_excerpt` does it, on text whose quotes and backslashes have a backslash before them and count as two. */
function cut(text: string, longest: number): string {
  const whole = withoutTags(text).replace(/['"\\]/g, '\\$&')
  const start = Array.from(whole).slice(0, longest).join('')
  const kept = start.replace(/&[^;\s]{0,6}$/, '') // what might be half a reference goes, "R&D" too
  return (kept === whole ? kept : `${kept.trim()}&#8230;`).replace(/\\(.)/g, '$1')
}

function withoutTags(text: string): string {
  return text
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/[\r\n\t ]+/g, ' ')
    .trim()
}

/** As KSES does it: references stay as they are, and so does a quotation mark before the first `<`. */
function escaped(text: string): string {
  return text
    .replace(/&(?!(?:#\d{1,7}|[a-z]+\d?);)/gi, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
