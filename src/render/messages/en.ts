import { counted } from './counted.js'
import type { Messages } from './messages.js'

const trackbacks = counted('en', { one: 'trackback', other: 'trackbacks' })

/** English, and what is shown in place of a language that has no file here. */
export const en: Messages = {
  dir: 'ltr',
  heading: 'Trackbacks',
  url: 'Trackback URL for this post:',
  intro: (title) => (title ? `Trackbacks to this post: ${title}:` : 'Trackbacks to this post:'),
  count: (shown, total) => (shown === total ? trackbacks(total) : `${shown} of ${trackbacks(total)}`),
  empty: 'No trackbacks yet.',
  copy: 'Copy',
  copied: 'Copied',
  more: 'More trackbacks',
}
