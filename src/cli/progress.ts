import { printable } from './printable.js'
import type { OutputStream } from './printer.js'
import { type Environment, showsColor, withCodes } from './style.js'
import { columnsOf } from './wrap.js'

/** A line at the bottom of a terminal that says how far the work is; nowhere else is anything written. */
export interface Progress {
  /** Writes the line anew: a bar where it is known how much there is, and what is going on. */
  show(what: string, done?: number, total?: number): void
  /** Takes the line away, before something else is written and at the end. */
  clear(): void
}

const barColumns = 24

/** Makes the progress line of a stream. */
export function createProgress(stream: OutputStream, env: Environment): Progress {
  if (!stream.isTTY || env['TERM'] === 'dumb') return { show() {}, clear() {} }
  const isColored = showsColor(stream, env)
  let isShown = false
  // Carriage return, and erase to the end of the line.
  const erase = '\r\x1B[K'
  return {
    show(what, done, total) {
      const bar = done !== undefined && total ? barOf(done, total) : null
      const count = bar ? ` ${done} of ${total}  ` : ''
      const room = (stream.columns || 80) - 1 - (bar ? columnsOf(bar + count) : 0)
      const words = cutToColumns(printable(what), room)
      stream.write(`${erase}${bar && isColored ? withCodes(bar, 'green') : (bar ?? '')}${count}${words}`)
      isShown = true
    },
    clear() {
      if (isShown) stream.write(erase)
      isShown = false
    },
  }
}

/** ASCII alone: of line and block characters terminals do not agree how wide they are. */
function barOf(done: number, total: number): string {
  const full = Math.round((Math.min(done, total) / total) * barColumns)
  return `[${'='.repeat(full)}${' '.repeat(barColumns - full)}]`
}

function cutToColumns(text: string, columns: number): string {
  let kept = ''
  let used = 0
  for (const character of text) {
    used += columnsOf(character)
    if (used > columns) break
    kept += character
  }
  return kept
}
