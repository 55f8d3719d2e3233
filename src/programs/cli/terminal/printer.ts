import { styleText } from 'node:util'
import { columnsOf, wrap } from './wrap.js'

/** How a piece of output looks on a terminal. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow'

/** Text with a style, which is shown if the output shows styles. */
export interface Styled {
  readonly text: string
  readonly style: Style
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

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

/** Writes text in a style, with the codes of ECMA-48, wherever it goes. */
export function withCodes(text: string, style: Style): string {
  return styleText(style, text, { validateStream: false })
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

/** Where output goes: `process.stdout`, or any stream. */
export interface OutputStream {
  write(text: string, done?: (error?: Error | null) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Plain or styled text. */
export type Piece = string | Styled

/** How JSON is written: for people, or on one line. */
export type JsonLayout = 'indented' | 'line'

/** Writes to one stream. Text that is printed can neither move the cursor nor change a colour; only styles can. */
export interface Printer {
  /** Pieces side by side. On a terminal they are broken between words; each line begins where the first one does. */
  line(...pieces: readonly Piece[]): void
  /** Text beside its label, one row for each value that there is. @default indent 2 */
  rows(values: Readonly<Record<string, string | readonly Piece[] | null | undefined>>, indent?: number): void
  /** A JSON value: indented, or on one line if it is one of many. */
  json(value: unknown, layout?: JsonLayout): void
}

/** Control and format characters, noncharacters and lone surrogates; not white space, and not the joiners of emoji. */
const unprintable = /[\0-\x08\x0E-\x1F\x7F-\x9F\u200B\p{NChar}\p{Cs}]|(?![\u200C\u200D])\p{Cf}/gu
const labelColumns = 12
const narrowest = 40

/** How many columns there are for free text: those of the terminal; in a file or a pipe it is not broken. */
export function widthOf({ isTTY, columns }: OutputStream): number {
  return isTTY ? Math.max(narrowest, columns || 80) : Number.POSITIVE_INFINITY
}

/** Makes the printer of a stream, by what the stream is and what the environment asks for. */
export function createPrinter(stream: OutputStream, env: Environment): Printer {
  const isColored = showsColor(stream, env)
  const width = widthOf(stream)

  function render(piece: Piece): string {
    if (typeof piece === 'string') return printable(piece)
    const text = printable(piece.text)
    return isColored ? withCodes(text, piece.style) : text
  }

  function write(before: string, margin: number, text: string): void {
    const lines = wrap(text.trimEnd(), width - margin)
    stream.write(`${before}${lines.join(`\n${' '.repeat(margin)}`)}\n`)
  }

  return {
    line(...pieces) {
      const text = pieces.map(render).join('')
      const margin = text.search(/[^ ]|$/)
      write(' '.repeat(margin), margin, text.slice(margin))
    },
    rows(values, indent = 2) {
      for (const [label, value] of Object.entries(values)) {
        if (!value) continue
        const column = `${printable(label)} `.padEnd(labelColumns)
        const before = ' '.repeat(indent) + render({ text: column, style: 'dim' })
        write(before, indent + columnsOf(column), [value].flat().map(render).join(''))
      }
    },
    json(value, layout = 'indented') {
      stream.write(`${toJson(value, layout === 'line' ? 0 : 2)}\n`)
    },
  }
}

/** One line of text without anything that a terminal would obey, such as escape sequences and direction overrides. */
export function printable(text: string): string {
  return text.replace(unprintable, '').replace(/[^\S \u3000]/g, ' ')
}

/** JSON that is safe to show: what `printable` removes is escaped. On one line, or indented for people. */
export function toJson(value: unknown, indent: number): string {
  const json = JSON.stringify(value, null, indent)
  return json.replace(unprintable, escaped).replace(/[\u2028\u2029]/g, escaped)
}

function escaped(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
