import { createRequire } from 'node:module'
import { CommanderError } from 'commander'
import { announce } from './commands/announce.js'
import { discover } from './commands/discover.js'
import { listen } from './commands/listen.js'
import { moderate } from './commands/moderate.js'
import { send } from './commands/send.js'
import { verify } from './commands/verify.js'
import { createProgram, type ProgramStreams } from './program.js'
import type { CommandDefinition, Context } from './terminal/command.js'
import { codeOf, explain, isTrackbackError, Stopped, UsageError } from './terminal/failures.js'
import { createPrinter, type OutputStream, type Printer } from './terminal/printer.js'
import { createProgress } from './terminal/progress.js'
import type { Environment } from './terminal/style.js'

/** The commands, in the order of the help. */
export const commands: readonly CommandDefinition[] = [discover, send, announce, verify, listen, moderate]

/** What the command line is run with. */
export interface RunOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Ends the command; the status is that of a `Stopped` reason, or 130. @default never */
  readonly signal?: AbortSignal | undefined
  /** @default none */
  readonly env?: Environment | undefined
}

const signals = { SIGINT: 2, SIGTERM: 15 } as const
const brokenPipe = 141
const interrupted = 130

/** Runs the command line of this process, and ends the process. A second Ctrl-C ends it immediately. */
export async function runProcess(): Promise<never> {
  const ending = new AbortController()
  for (const [name, number] of Object.entries(signals)) {
    process.once(name, () => ending.abort(new Stopped(128 + number)))
  }
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
  const { stdout, stderr, env = {} } = options
  const ending = new AbortController()
  stdout.on('error', (error) => ending.abort(codeOf(error) === 'EPIPE' ? new Stopped(brokenPipe) : error))
  stderr.on('error', () => {})
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal
  const [out, err] = [createPrinter(stdout, env), createPrinter(stderr, env)]
  const context = { out, err, signal, progress: createProgress(stderr, env) }
  const status = await runCommand(argv, context, { stdout, stderr, env })
  await Promise.all([flush(stdout), flush(stderr)])
  return signal.aborted ? statusOf(signal.reason, err) : status
}

async function runCommand(
  argv: readonly string[],
  context: Omit<Context, 'isJson'>,
  streams: ProgramStreams,
): Promise<number> {
  let name = 'trackbacks'
  let isPositive = true
  const program = createProgram(
    commands,
    async (definition, operands, options) => {
      const isJson = program.opts()['json'] === true
      isPositive = await definition.run({ ...context, isJson }, operands as never, options as never)
    },
    streams,
  )
  program.version(version(), '--version', 'show the version')
  program.hook('preSubcommand', (_, command) => {
    name = `trackbacks ${command.name()}`
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return isPositive ? 0 : 1
  } catch (error) {
    context.progress.clear()
    if (context.signal.aborted) return 1
    return showFailure(error, name, { ...context, isJson: argv.includes('--json') })
  }
}

function version(): string {
  return createRequire(import.meta.url)('trackbacks/package.json').version
}

/** Shows the failure of a command as a sentence, never as a stack; and as a value in place of the result, for programs. */
function showFailure(
  error: unknown,
  name: string,
  { isJson, out, err }: Omit<Context, 'progress' | 'signal'>,
): number {
  if (error instanceof CommanderError || error instanceof UsageError) {
    if (error instanceof CommanderError && /^commander\.(help|version)/.test(error.code))
      return error.exitCode === 0 ? 0 : 2
    const message = error.message
      .replace(/^error: /, '')
      .replace(/\.?\n(?=\()|\n/g, ' ')
      .replace(/\.$/, '')
    err.text(`${name}: ${message}; see ${name} --help`)
    return 2
  }
  const message = explain(error)
  err.text(`${name}: ${message}`)
  if (isJson) out.json({ error: { code: isTrackbackError(error) ? error.code : null, message } }, 'line')
  return 1
}

/** The status of a command that was ended from outside. */
function statusOf(reason: unknown, err: Printer): number {
  if (reason instanceof Stopped) return reason.exitCode
  if (!(reason instanceof Error) || reason.name === 'AbortError') return interrupted
  err.text(`trackbacks: cannot write: ${reason.message}`)
  return 1
}

/** Waits until everything is written, or the stream has failed. */
function flush(stream: OutputStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}
