import type { Arguments } from './arguments.js'
import type { Printer } from './printer.js'
import type { Progress } from './progress.js'

/** An option of a command. */
export interface Option {
  /** What its value is called in the help; an option without one is a switch. */
  readonly value?: string | undefined
  /** Whether it may be given more than once; else the last counts. @default false */
  readonly isMany?: boolean | undefined
  readonly about: string
}

/** The options of a command, by their long names. */
export type Options = Readonly<Record<string, Option>>

/** What a command works with. */
export interface Context {
  readonly given: Arguments
  /** Standard output: the answer. */
  readonly out: Printer
  /** Standard error: what is no answer. */
  readonly err: Printer
  readonly progress: Progress
  /** Ends the command; its reason is thrown. */
  readonly signal: AbortSignal
}

/** A command: what the help says of it, and what it does. */
export interface Command {
  readonly name: string
  /** The names of what stands after it: `[ACTION]` may be left out, `[ID...]` may be any number. */
  readonly positionals: readonly string[]
  /** One line for the list of commands. */
  readonly summary: string
  /** What it does, in paragraphs. */
  readonly about: readonly string[]
  readonly options: Options
  /** What can be done, and what each of it is; only where that is more than one thing. */
  readonly actions?: readonly (readonly [name: string, about: string])[] | undefined
  /** What `--json` writes, in lines of 76 characters at the most. */
  readonly json: readonly string[]
  readonly examples: readonly string[]
  /** Does it, and resolves to whether the answer is yes. Loads by itself what it needs, so that the help is quick. */
  run(context: Context): Promise<boolean>
}

/** The options of every command. */
export const commonOptions: Options = {
  json: { about: 'write JSON, for programs' },
  help: { about: 'this help' },
}

/** The options of every command that asks the network. */
export const networkOptions: Options = {
  'allow-host': {
    value: 'HOST:PORT',
    isMany: true,
    about: 'ask this server though its address is private or its port unusual',
  },
  timeout: { value: 'SECONDS', about: 'how long an answer may take (default 10)' },
}
