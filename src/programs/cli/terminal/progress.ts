import { type Environment, type OutputStream, printable } from './printer.js'

/** A line at the bottom of a terminal that says what the command is doing. Nothing is written to a file or a pipe. */
export interface Progress {
  /** Replaces the line, by ASCII: names of hosts are. After a second it also says for how long it has been shown. */
  show(text: string): void
  /** Removes the line, before other output and at the end. */
  clear(): void
}

// Carriage return, and erase to the end of the line.
const erase = '\r\x1B[K'

/** Makes the progress line of a stream. */
export function createProgress(stream: OutputStream, env: Environment): Progress {
  if (!stream.isTTY || env['TERM'] === 'dumb') return { show() {}, clear() {} }
  let timer: NodeJS.Timeout | undefined
  return {
    show(text) {
      let seconds = -1
      const draw = (): void => {
        seconds += 1
        const time = seconds > 0 ? `, ${seconds} s` : ''
        const room = (stream.columns || 80) - 1 - time.length
        const line = printable(text)
        stream.write(erase + (line.length > room ? `${line.slice(0, room - 1)}…` : line) + time)
      }
      clearInterval(timer)
      timer = setInterval(draw, 1000).unref()
      draw()
    },
    clear() {
      if (timer) stream.write(erase)
      clearInterval(timer)
      timer = undefined
    },
  }
}
