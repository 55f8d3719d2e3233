import type { TrackbackState } from '../../store/store.js'
import { tokenizeHtml } from '../../text/html.js'
import type { FoundTrackback } from './found.js'

type Fields = Map<string, string>

const states: Readonly<Record<string, TrackbackState>> = {
  ...{ '0': 'held', '1': 'published', hold: 'held', approve: 'published' },
  ...{ spam: 'rejected', trash: 'removed', 'post-trashed': 'removed' },
}

/**
 * The trackbacks in an export of WordPress (WXR): the comments of the type `trackback`, with their state. Dates are those
 * in GMT. Never throws; linear, whatever the file holds.
 */
export function parseWxr(xml: string): FoundTrackback[] {
  const found: FoundTrackback[] = []
  let item: Fields = new Map()
  let comment: Fields | null = null
  let comments: Fields[] = []
  let open = ''
  let text: string[] = []
  tokenizeHtml(xml, {
    isXml: true,
    startTag(name) {
      if (name === 'item') [item, comments] = [new Map(), []]
      if (name === 'wp:comment') comment = new Map()
      open = name
      text = []
    },
    text: (piece) => text.push(piece),
    endTag(name) {
      if (name === open) (comment ?? item).set(name.replace(/^wp:/, ''), text.join('').trim())
      if (name === 'wp:comment' && comment) comments.push(comment)
      if (name === 'wp:comment') comment = null
      if (name === 'item') found.push(...trackbacksOf(item, comments))
      open = ''
    },
  })
  return found
}

function trackbacksOf(item: Fields, comments: readonly Fields[]): FoundTrackback[] {
  const [id = '', url = '', title = ''] = ['post_id', 'link', 'title'].map((name) => item.get(name))
  return comments
    .filter((comment) => comment.get('comment_type') === 'trackback')
    .map((comment) => {
      const field = (name: string): string => comment.get(`comment_${name}`) ?? ''
      // As wp-trackback.php writes it.
      const [, heading = '', excerpt = field('content')] =
        /^<strong>([\s\S]*?)<\/strong>([\s\S]*)$/.exec(field('content')) ?? []
      const approved = field('approved')
      const trackback = {
        ...{ url: field('author_url'), title: heading, excerpt, blogName: field('author') },
        receivedAt: field('date_gmt'),
        clientIp: field('author_ip') || null,
        state: states[approved] ?? (approved as TrackbackState),
      }
      return { post: { id, url, title }, trackback, where: `comment ${field('id')} of post ${id}` }
    })
}
