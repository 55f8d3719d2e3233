import { counted } from './counted.js'
import type { Messages } from './messages.js'

// French keeps its double punctuation on the line of the word before it.
const space = '\u00A0'
const trackbacks = counted('fr', { one: 'rétrolien', other: 'rétroliens' }, space)

/** French. */
export const fr: Messages = {
  dir: 'ltr',
  heading: 'Rétroliens',
  url: `URL de rétrolien de ce billet${space}:`,
  intro: (title) =>
    title
      ? `Rétroliens vers le billet «${space}${title}${space}»${space}:`
      : `Rétroliens vers ce billet${space}:`,
  count: (shown, total) => (shown === total ? trackbacks(total) : `${trackbacks(shown)} sur${space}${total}`),
  empty: 'Aucun rétrolien pour l’instant.',
  copy: 'Copier',
  copied: 'Copié',
  more: 'Rétroliens suivants',
}
