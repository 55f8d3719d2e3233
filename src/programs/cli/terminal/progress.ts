import { type OutputStream, printable } from './printer.js'
import type { Environment } from './style.js'
import { columnsOf } from './wrap.js'

/** A line at the bottom of a terminal that says what the command is doing. Nothing is written to a file or a pipe. */
export interface Progress {
  /** Replaces the line. */
  show(text: string): void
  /** Removes the line, before other output and at the end. */
  clear(): void
}

// Carriage return, and erase to the end of the line.
const erase = '\r\x1B[K'

/** Makes the progress line of a stream. */
export function createProgress(stream: OutputStream, env: Environment): Progress {
  if (!stream.isTTY || env['TERM'] === 'dumb') return { show() {}, clear() {} }
  let isShown = false
  return {
    show(text) {
      stream.write(erase + cutToColumns(printable(text), (stream.columns || 80) - 1))
      isShown = true
    },
    clear() {
      if (isShown) stream.write(erase)
      isShown = false
    },
  }
}

function cutToColumns(text: string, columns: number): string {
  let used = 0
  const end = Array.from(text).findIndex((character) => {
    used += columnsOf(character)
    return used > columns
  })
  return end < 0 ? text : Array.from(text).slice(0, end).join('')
}
