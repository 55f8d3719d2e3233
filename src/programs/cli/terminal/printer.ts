import { type Environment, type Style, type Styled, showsColor, withCodes } from './style.js'
import { columnsOf, wrap } from './wrap.js'

/** Where output goes: `process.stdout`, or any stream. */
export interface OutputStream {
  write(text: string, done?: (error?: Error | null) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Plain or styled text. */
export type Piece = string | Styled

/** How free text is laid out. */
export interface Layout {
  /** The number of spaces before each line. @default 0 */
  readonly indent?: number | undefined
  /** A label before the first line, in its own column. @default none */
  readonly label?: string | undefined
  /** The first words of the text, in their own style. @default none */
  readonly head?: Styled | undefined
  /** @default none */
  readonly style?: Style | undefined
}

/** Writes to one stream. Text that is printed can neither move the cursor nor change a colour; only styles can. */
export interface Printer {
  /** One line, never broken: pieces side by side. */
  line(...pieces: readonly Piece[]): void
  /** Free text. On a terminal it is broken into lines of its width. */
  text(text: string, layout?: Layout): void
  /** Free text with a label, one row for each value that there is. @default indent 2 */
  rows(values: Readonly<Record<string, string | null | undefined>>, indent?: number): void
  /** A JSON value: indented, or on one line if it is one of many. */
  json(value: unknown, layout?: 'indented' | 'line'): void
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

  const printer: Printer = {
    line(...pieces) {
      stream.write(`${pieces.map(render).join('')}\n`)
    },
    text(text, { indent = 0, label, head, style } = {}) {
      const column = label === undefined ? '' : `${printable(label)} `.padEnd(labelColumns)
      const margin = indent + columnsOf(column)
      const first = head ? render(head) : ''
      wrap(printable((head?.text ?? '') + text).trimEnd(), width - margin).forEach((line, index) => {
        const isFirst = index === 0
        const before = isFirst
          ? ' '.repeat(indent) + (column && render({ text: column, style: 'dim' })) + first
          : ' '.repeat(margin)
        const rest = isFirst ? line.slice(head?.text.length ?? 0) : line
        stream.write(`${before}${render(style ? { text: rest, style } : rest)}\n`)
      })
    },
    rows(values, indent = 2) {
      for (const [label, text] of Object.entries(values)) if (text) printer.text(text, { indent, label })
    },
    json(value, layout = 'indented') {
      stream.write(`${toJson(value, layout === 'line' ? 0 : 2)}\n`)
    },
  }
  return printer
}

/** One line of text without anything that a terminal would obey, such as escape sequences and direction overrides. */
export function printable(text: string): string {
  return text.replace(unprintable, '').replace(/[^\S \u3000]/g, ' ')
}

/** JSON that is safe to show: what `printable` removes is escaped. On one line, or indented for people. */
export function toJson(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent)
    .replace(unprintable, escaped)
    .replace(/[\u2028\u2029]/g, escaped)
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')
}
