import { childrenNamed, findElement, parseXml, textOf, type XmlElement } from '../../protocol/xml.js'
import type { TrackbackState } from '../../store/store.js'
import type { FoundTrackback } from './found.js'

const states: Readonly<Record<string, TrackbackState>> = {
  ...{ '0': 'held', '1': 'published', hold: 'held', approve: 'published' },
  ...{ spam: 'rejected', trash: 'removed', 'post-trashed': 'removed' },
}

/** The author's own file is read whole. */
const whole = { maxSize: Number.MAX_SAFE_INTEGER, maxMarkup: Number.MAX_SAFE_INTEGER }

/**
 * The trackbacks in an export of WordPress (WXR): the comments of the type `trackback`, with their state. Dates are those
 * in GMT. Never throws; linear, whatever the file holds.
 */
export function parseWxr(xml: string): FoundTrackback[] {
  const channel = findElement(parseXml(xml, whole), 'channel')
  return channel ? childrenNamed(channel, 'item').flatMap(trackbacksOf) : []
}

function trackbacksOf(item: XmlElement): FoundTrackback[] {
  const post = { id: fieldOf(item, 'post_id'), url: fieldOf(item, 'link'), title: fieldOf(item, 'title') }
  return childrenNamed(item, 'comment')
    .filter((comment) => fieldOf(comment, 'comment_type') === 'trackback')
    .map((comment) => {
      const field = (name: string): string => fieldOf(comment, `comment_${name}`)
      // As wp-trackback.php writes it.
      const [, title, excerpt = field('content')] =
        /^<strong>([\s\S]*?)<\/strong>([\s\S]*)$/.exec(field('content')) ?? []
      const approved = field('approved')
      const trackback = {
        ...{ url: field('author_url'), title, excerpt, blogName: field('author') },
        receivedAt: field('date_gmt'),
        clientIp: field('author_ip') || null,
        state: states[approved] ?? (approved as TrackbackState),
      }
      return { post, trackback, where: `comment ${field('id')} of post ${post.id}` }
    })
}

function fieldOf(element: XmlElement, name: string): string {
  return textOf(childrenNamed(element, name)[0], whole.maxSize).trim()
}
