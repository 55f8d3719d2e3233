import { counted } from './counted.js'
import type { Messages } from './messages.js'

const trackbacks = counted('de', { one: 'Trackback', other: 'Trackbacks' })

/** German. */
export const de: Messages = {
  dir: 'ltr',
  heading: 'Trackbacks',
  url: 'Trackback-URL für diesen Eintrag:',
  intro: (title) => (title ? `Trackbacks zum Eintrag „${title}“:` : 'Trackbacks zu diesem Eintrag:'),
  count: (shown, total) => (shown === total ? trackbacks(total) : `${shown} von ${trackbacks(total)}`),
  empty: 'Noch keine Trackbacks.',
  copy: 'Kopieren',
  copied: 'Kopiert',
  more: 'Weitere Trackbacks',
}
