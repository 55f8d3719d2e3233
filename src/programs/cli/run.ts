import { CommanderError } from 'commander'
import { announce } from './commands/announce.js'
import { discover } from './commands/discover.js'
import { exporting, importing } from './commands/exchange.js'
import { listen } from './commands/listen.js'
import { moderate } from './commands/moderate.js'
import { send } from './commands/send.js'
import { verify } from './commands/verify.js'
import { networkOptions } from './terminal/arguments.js'
import type { CommandDefinition, Context, Show } from './terminal/command.js'
import { codeOf, explain, isTrackbackError } from './terminal/failures.js'
import { createPrinter, type JsonLayout, type OutputStream, type Printer } from './terminal/printer.js'
import { createProgram, type ProgramStreams } from './terminal/program.js'
import { createProgress } from './terminal/progress.js'

/** The commands, in the order of the help. */
export const commands: readonly CommandDefinition[] = [
  ...[discover, send, announce, verify, listen, moderate],
  ...[importing, exporting],
]

/** What the command line is run with. */
export interface RunOptions extends ProgramStreams {
  /** Ends the command; the status is the reason if it is a number, otherwise 130. @default never */
  readonly signal?: AbortSignal | undefined
}

const signals = { SIGINT: 130, SIGTERM: 143 }
const brokenPipe = 141
/** How the engine begins or ends a `TypeError`: a mistake in the program, not in its use. Those of Node have a code. */
const ofEngine = /^Cannot | is not (?:a function|a constructor|iterable)/

/** Runs the command line of this process, and ends the process. A second Ctrl-C ends it immediately. */
export async function runProcess(): Promise<never> {
  const ending = new AbortController()
  for (const [name, status] of Object.entries(signals)) process.once(name, () => ending.abort(status))
  hideExperimentalWarnings()
  const { stdout, stderr, env } = process
  const status = await run(process.argv.slice(2), { stdout, stderr, env, signal: ending.signal })
  // All output is written. What is still running, such as a DNS lookup, is not waited for.
  process.exit(status)
}

/** `node:sqlite` is experimental in some versions of Node; users of a command need not know. Other warnings are shown. */
function hideExperimentalWarnings(): void {
  const show = process.listeners('warning')
  process.removeAllListeners('warning').on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') for (const listener of show) listener(warning)
  })
}

/**
 * Runs one command line, and resolves to its exit status: 0 success, 1 negative result, 2 usage error, 130 interrupted, 141
 * if the output is no longer read. Never rejects; all output is written when it resolves.
 */
export async function run(argv: readonly string[], options: RunOptions): Promise<number> {
  const { stdout, stderr, env, signal: outside } = options
  const ending = new AbortController()
  stdout.on('error', (error) => ending.abort(codeOf(error) === 'EPIPE' ? brokenPipe : error))
  stderr.on('error', () => {})
  const signal = outside ? AbortSignal.any([outside, ending.signal]) : ending.signal
  const [out, err] = [createPrinter(stdout, env), createPrinter(stderr, env)]
  const progress = createProgress(stderr, env)
  // The help of a command that there is not would be that of the program: it is not asked for.
  const asked = argv.filter((each) => !/^(help|--help|-h)$/.test(each))
  const wanted = asked.find((each) => !each.startsWith('-'))
  const command = commands.find((each) => each.name === wanted)
  const name = command ? `trackbacks ${command.name}` : 'trackbacks'
  let status = 0
  const warn = (error: unknown): void => {
    if (!signal.aborted) err.line(`${name}: ${explain(error)}`)
  }
  const program = createProgram(commands, options, async (definition, operands, values) => {
    const isJson = program.opts()['json'] === true
    const write = (layout: JsonLayout): Show => {
      return (value, print) => {
        progress.clear()
        if (isJson) out.json(value, layout)
        else print(out, value)
      }
    }
    const output = { out, warn, progress, isJson, signal, show: write('indented'), tell: write('line') }
    status = (await runCommand(definition, operands, values, output)) ? 0 : 1
  })
  try {
    await program.parseAsync(command || wanted === undefined ? argv : asked, { from: 'user' })
  } catch (error) {
    if (!signal.aborted) status = showFailure(error, name, out, err, program.opts()['json'] === true)
  }
  await Promise.all([flush(stdout), flush(stderr)])
  return signal.aborted ? statusOf(signal.reason, err) : status
}

/** Runs a command with all that it works with, and closes that. */
async function runCommand(
  definition: CommandDefinition,
  operands: unknown[],
  options: object,
  output: Omit<Context, 'library' | 'client' | 'using'>,
): Promise<boolean> {
  const library = await import('../../index.js')
  const opened: { close(): unknown }[] = []
  const using: Context['using'] = (each) => {
    opened.unshift(each)
    return each
  }
  try {
    const client = using(library.createHttpClient(networkOptions(options)))
    const context = { ...output, library, client, using }
    return await definition.run(context, operands as never, options as never)
  } finally {
    for (const each of opened) await each.close()
    output.progress.clear()
  }
}

/** Shows the failure of a command as a sentence, never as a stack; and as a value in place of the result, for programs. */
function showFailure(error: unknown, name: string, out: Printer, err: Printer, isJson: boolean): number {
  const isParsers = error instanceof CommanderError
  if (isParsers && error.exitCode === 0) return 0
  // What commander shows by itself, where the line names no command.
  const isShown = isParsers && error.code === 'commander.help'
  const isMistake = error instanceof TypeError && !codeOf(error) && !ofEngine.test(error.message)
  const isUsage = isParsers || isMistake
  const mistake = explain(error)
    .replace(/^error: |\.$/g, '')
    .replace(/\.?\n(?=\()|\n/g, ' ')
  const message = isShown ? 'no command is given' : isUsage ? mistake : explain(error)
  if (!isShown) err.line(`${name}: ${message}${isUsage ? `; see ${name} --help` : ''}`)
  const code = isUsage ? 'USAGE' : isTrackbackError(error) ? error.code : null
  if (isJson) out.json({ error: { code, message } }, 'line')
  return isUsage ? 2 : 1
}

/** The status of a command that was ended from outside. */
function statusOf(reason: unknown, err: Printer): number {
  if (typeof reason === 'number') return reason
  if (!(reason instanceof Error) || reason.name === 'AbortError') return signals.SIGINT
  err.line(`trackbacks: cannot write: ${reason.message}`)
  return 1
}

/** Waits until everything is written, or the stream has failed. */
function flush(stream: OutputStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}
