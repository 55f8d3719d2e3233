/** How a piece of output looks on a terminal. */
export type Style = keyof typeof codes

/** Text with a style, which is shown if the output shows styles. */
export interface Styled {
  readonly text: string
  readonly style: Style
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

// Not `styleText` of node:util: Node 20 always colours the text, and later versions decide by process.stdout.
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const

/** Emphasized text. */
export const bold = (text: string): Styled => ({ text, style: 'bold' })
/** Dimmed text. */
export const dim = (text: string): Styled => ({ text, style: 'dim' })
/** Good news. */
export const green = (text: string): Styled => ({ text, style: 'green' })
/** Bad news. */
export const red = (text: string): Styled => ({ text, style: 'red' })
/** Neutral news. */
export const yellow = (text: string): Styled => ({ text, style: 'yellow' })

/** Writes text in a style, with the codes of ECMA-48. */
export function withCodes(text: string, style: Style): string {
  const [on, off] = codes[style]
  return `\x1B[${on}m${text}\x1B[${off}m`
}

/**
 * Whether an output shows colours: never with `NO_COLOR`; always with `FORCE_COLOR`, unless it is 0 or false; otherwise on
 * a terminal, unless `TERM` is `dumb`.
 */
export function showsColor({ isTTY }: { readonly isTTY?: boolean | undefined }, env: Environment): boolean {
  if (env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTTY === true && env['TERM'] !== 'dumb'
}
