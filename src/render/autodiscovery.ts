import type { Post } from '../base/types.js'
import { generateLink } from '../protocol/link.js'
import { generateRdf } from '../protocol/rdf.js'

/**
 * What the head of a post's page carries so that others discover its ping URL: `<link rel="trackback">` (PROTOCOL 64)
 * and the RDF in a comment (PROTOCOL 40, 41). No title and no excerpt can end the comment or the attribute they stand in.
 */
export function generateAnnouncement(post: Post, pingUrl: string): string {
  const { url, title, excerpt } = post
  return `${generateLink(pingUrl)}
<!--
${generateRdf({ url, pingUrl, title, excerpt })}
-->`
}
