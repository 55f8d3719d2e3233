import { cutText } from './excerpt.js'
import type { HtmlHandler } from './html.js'
import { cleanText } from './plain.js'

/** Gathers the title of a page from its tokens. */
export interface TitleReader extends Required<Pick<HtmlHandler, 'startTag' | 'rawText'>> {
  /** The title as far as it was read: plain text by strangers, `''` where there is none. */
  read(): string
}

/** How many graphemes a title may have. */
const longest = 250

/**
 * Makes the reader of a title: the first one of the page, since further ones are those of pictures in SVG, or `og:title` if
 * the page has none.
 */
export function createTitleReader(): TitleReader {
  let titles = 0
  let title = ''
  let property = ''
  return {
    startTag(name, attributes) {
      if (name === 'title') titles += 1
      if (name === 'meta' && attributes.get('property')?.trim().toLowerCase() === 'og:title')
        property ||= attributes.get('content') ?? ''
    },
    rawText(text, element) {
      if (element === 'title' && titles === 1 && title.length < 4 * longest) title += text
    },
    read: () => cutText(cleanText(title) || cleanText(property.slice(0, 4 * longest)), longest),
  }
}
