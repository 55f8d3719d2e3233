import { printable, toJson } from './printable.js'
import { type Environment, type Style, type Styled, showsColor, withCodes } from './style.js'
import { columnsOf, wrap } from './wrap.js'

/** Where output goes: `process.stdout`, or any stream. */
export interface OutputStream {
  write(text: string, done?: (error?: Error | null) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Text as it is, or in a style. */
export type Piece = string | Styled

/** How free text is laid out. */
export interface Layout {
  /** How many spaces stand before each line. @default 0 */
  readonly indent?: number | undefined
  /** What stands before the first line, in a column of its own. @default none */
  readonly label?: string | undefined
  /** A few words that the text begins with, in a style of their own. @default none */
  readonly head?: Styled | undefined
  /** @default none */
  readonly style?: Style | undefined
}

/** Writes to one stream; nothing but its own styles ever moves the cursor or changes a colour. */
export interface Printer {
  /** One line, never broken: pieces side by side. */
  line(...pieces: readonly Piece[]): void
  /** Free text: on a terminal it is broken into lines of its width. */
  text(text: string, layout?: Layout): void
  /** A JSON value: on lines of its own, or, where many follow each other, on one. */
  json(value: unknown, layout?: 'indented' | 'line'): void
}

const labelColumns = 12
const narrowest = 40

/** Makes the printer of a stream, by what the stream is and what the environment asks for. */
export function createPrinter(stream: OutputStream, env: Environment): Printer {
  const isColored = showsColor(stream, env)
  const width = stream.isTTY ? Math.max(narrowest, stream.columns || 80) : Number.POSITIVE_INFINITY

  function render(piece: Piece): string {
    if (typeof piece === 'string') return printable(piece)
    const text = printable(piece.text)
    return isColored ? withCodes(text, piece.style) : text
  }

  return {
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
    json(value, layout = 'indented') {
      stream.write(`${toJson(value, layout === 'line' ? 0 : 2)}\n`)
    },
  }
}
