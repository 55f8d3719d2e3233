import { TrackbackError } from '../errors.js'
import { version } from '../http/version.js'
import { meant, parseArguments } from './arguments.js'
import type { Command } from './command.js'
import { commands } from './commands.js'
import { explain, Stopped, UsageError } from './failures.js'
import { printHelp, printOverview } from './help.js'
import { createPrinter, type OutputStream, type Printer } from './printer.js'
import { createProgress } from './progress.js'
import type { Environment } from './style.js'

/** What the command line is run with. */
export interface RunOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Ends the command; the status is that of a `Stopped` reason, or 130. @default never */
  readonly signal?: AbortSignal | undefined
  /** @default none */
  readonly env?: Environment | undefined
}

const brokenPipe = 141
const interrupted = 130

/**
 * Runs one command line, and resolves to its exit status: 0 done, 1 the answer is no, 2 used wrongly, 130 interrupted,
 * 141 where nobody reads the output any more. Never rejects; all output has left when it resolves.
 */
export async function run(argv: readonly string[], options: RunOptions): Promise<number> {
  const { stdout, stderr, env = {} } = options
  const ending = new AbortController()
  stdout.on('error', (error) => ending.abort(reasonOf(error)))
  stderr.on('error', () => {})
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal
  const [out, err] = [createPrinter(stdout, env), createPrinter(stderr, env)]
  const progress = createProgress(stderr, env)
  const [word = '', ...rest] = argv
  const command = commands.find(({ name }) => name === word)
  let status: number
  try {
    status = command
      ? await runCommand(command, rest, { out, err, progress, signal })
      : runOther(word, rest, out, err)
  } catch (error) {
    progress.clear()
    status = signal.aborted ? 1 : tellFailure(error, { command, isJson: argv.includes('--json'), out, err })
  }
  await Promise.all([flush(stdout), flush(stderr)])
  return signal.aborted ? statusOf(signal.reason, err) : status
}

type Surroundings = Omit<Parameters<Command['run']>[0], 'given'>

async function runCommand(command: Command, argv: readonly string[], context: Surroundings): Promise<number> {
  const given = parseArguments(command, argv)
  if (given.has('help')) {
    printHelp(context.out, command)
    return 0
  }
  return (await command.run({ ...context, given })) ? 0 : 1
}

function runOther(word: string, rest: readonly string[], out: Printer, err: Printer): number {
  if (word === '') {
    printOverview(err, commands)
    return 2
  }
  if (word === '--version' || word === '-V') {
    out.line(version)
    return 0
  }
  if (word !== '--help' && word !== '-h' && word !== 'help') throw unknown(word)
  const [name] = rest
  const command = commands.find((each) => each.name === name)
  if (name !== undefined && !command) throw unknown(name)
  if (command) printHelp(out, command)
  else printOverview(out, commands)
  return 0
}

function unknown(word: string): UsageError {
  if (word.startsWith('-')) {
    const guess = meant(word.slice(2), ['help', 'version'], '--') || '; options stand after the command'
    return new UsageError(`there is no option ${word}${guess}`)
  }
  const names = commands.map(({ name }) => name)
  return new UsageError(`there is no command '${word}'${meant(word, names)}`)
}

interface Telling {
  readonly command: Command | undefined
  readonly isJson: boolean
  readonly out: Printer
  readonly err: Printer
}

/** A sentence for a person, never a stack; and for a program a value in place of the answer. */
function tellFailure(error: unknown, { command, isJson, out, err }: Telling): number {
  const name = command ? `trackbacks ${command.name}` : 'trackbacks'
  if (error instanceof UsageError) {
    const end = error.message.endsWith('?') ? ' See' : '; see'
    err.text(`${name}: ${error.message}${end} ${name} --help`)
    return 2
  }
  const message = explain(error)
  err.text(`${name}: ${message}`)
  const code = error instanceof TrackbackError ? error.code : null
  if (isJson) out.json({ error: { code, message } }, 'line')
  return 1
}

function reasonOf(error: Error): unknown {
  return 'code' in error && error.code === 'EPIPE' ? new Stopped(brokenPipe) : error
}

/** The status of a command that was ended from outside. */
function statusOf(reason: unknown, err: Printer): number {
  if (reason instanceof Stopped) return reason.exitCode
  if (!(reason instanceof Error) || reason.name === 'AbortError') return interrupted
  err.text(`trackbacks: cannot write: ${reason.message}`)
  return 1
}

/** Waits until what was written has left, or nobody is there to take it. */
function flush(stream: OutputStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}
