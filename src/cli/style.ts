/** How a piece of output looks on a terminal. */
export type Style = keyof typeof codes

/** Text that is to be styled, where the output shows styles. */
export interface Styled {
  readonly text: string
  readonly style: Style
}

/** The environment's variables, as far as anybody asks for them. */
export type Environment = Readonly<Record<string, string | undefined>>

// Not `styleText` of node:util: on Node 20 it colours whatever it is given, later it looks at process.stdout by itself.
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const

/** Text that stands out. */
export const bold = (text: string): Styled => ({ text, style: 'bold' })
/** Text that stands back. */
export const dim = (text: string): Styled => ({ text, style: 'dim' })
/** Good news. */
export const green = (text: string): Styled => ({ text, style: 'green' })
/** Bad news. */
export const red = (text: string): Styled => ({ text, style: 'red' })
/** News that is neither. */
export const yellow = (text: string): Styled => ({ text, style: 'yellow' })

/** Writes text in a style, with the codes of ECMA-48. */
export function withCodes(text: string, style: Style): string {
  const [on, off] = codes[style]
  return `\x1B[${on}m${text}\x1B[${off}m`
}

/**
 * Whether an output is to be coloured: never with `NO_COLOR`; always with `FORCE_COLOR`, but for 0 and false; else on a
 * terminal that is not a dumb one.
 */
export function showsColor({ isTTY }: { readonly isTTY?: boolean | undefined }, env: Environment): boolean {
  if (env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTTY === true && env['TERM'] !== 'dumb'
}
