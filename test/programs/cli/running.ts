import { run } from '../../../src/programs/cli/run.js'
import type { OutputStream } from '../../../src/programs/cli/terminal/printer.js'
import type { TestServer } from '../../support/servers.js'

/** A stream that keeps what is written to it. */
export class Sink implements OutputStream {
  text = ''
  readonly isTTY: boolean
  readonly columns: number
  #onError: (error: Error) => void = () => {}

  constructor({ isTTY = false, columns = 80 }: { isTTY?: boolean; columns?: number } = {}) {
    this.isTTY = isTTY
    this.columns = columns
  }

  write(text: string, done?: (error?: Error | null) => void): void {
    this.text += text
    if (done) setImmediate(done)
  }

  on(_event: 'error', listener: (error: Error) => void): void {
    this.#onError = listener
  }

  /** Fails as a pipe does whose reader has gone. */
  fail(code: string): void {
    this.#onError(Object.assign(new Error(`write ${code}`), { code }))
  }
}

/** What a command line came to. */
export interface Ran {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** How a command line is run. */
export interface Surroundings {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly signal?: AbortSignal
  readonly env?: Record<string, string>
}

/** Runs a command line in this process. */
export async function runCli(
  argv: readonly string[],
  { isTTY = false, columns = 80, signal, env = {} }: Surroundings = {},
): Promise<Ran> {
  const [stdout, stderr] = [new Sink({ isTTY, columns }), new Sink({ isTTY, columns })]
  const status = await run(argv, { stdout, stderr, signal, env })
  return { status, out: stdout.text, err: stderr.text }
}

/** The options that let a command ask these servers. */
export function allow(...servers: readonly TestServer[]): string[] {
  return servers.flatMap(({ host }) => ['--allow-host', host])
}

/** Text of a stranger that would take over a terminal: colours, a title, a cleared screen, C1, a direction override. */
export const hostile = 'a\x1B[31mb\x1B]0;c\x07d\x1B[2J\x9B31me\u202Ef\u2066g\x00h\r\ni\u2028j\x08k\x7F'

/** What no output may hold, but for line feeds and, where colours are shown, the codes of our own styles. */
export function controlsIn(text: string, isColored = false): string[] {
  const plain = isColored ? text.replace(/\x1B\[\d{1,2}m|\r\x1B\[K/g, '') : text
  return plain.match(/[\0-\x09\x0B-\x1F\x7F-\x9F\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g) ?? []
}
