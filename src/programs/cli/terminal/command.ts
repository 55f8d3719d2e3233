import type { Command } from 'commander'
import type { HttpClient, TrackbackState } from '../../../index.js'
import texts from '../help.json' with { type: 'json' }
import type { Printer } from './printer.js'
import type { Progress } from './progress.js'

/** Writes a value: as JSON if `--json` was given, else with `print`. Removes the progress line before. */
export type Show = <T>(value: T, print: (out: Printer, value: T) => void) => void

/** What a command works with. */
export interface Context {
  /** The library. The help does not load it. */
  readonly library: typeof import('../../../index.js')
  /** Made from the options of the network. */
  readonly client: HttpClient
  /** Standard output: the result. */
  readonly out: Printer
  /** Writes an error, or a message, to standard error, unless the command is being ended. */
  readonly warn: (error: unknown) => void
  readonly progress: Progress
  /** Has something closed when the command has ended, the last one first. */
  using<T extends { close(): unknown }>(opened: T): T
  /** Ends the command; its reason is thrown. */
  readonly signal: AbortSignal
  /** Whether `--json` was given. */
  readonly isJson: boolean
  /** Writes the result. */
  readonly show: Show
  /** Writes an event, one of many; its JSON is on one line. */
  readonly tell: Show
}

type Some<Names extends string, T> = { readonly [name in Names]?: T }

/** The options of all commands, by the kind of their values; times are in milliseconds. A command has those it declares. */
export type Options = Some<'allowNone' | 'dryRun', boolean> &
  Some<'limit' | 'port' | 'timeout', number> &
  Some<'alias' | 'allowHost', readonly string[]> &
  Some<'state', TrackbackState> &
  Some<'blogName' | 'charset' | 'excerpt' | 'title' | 'url', string> &
  Some<'blog' | 'db' | 'host' | 'lang' | 'offset' | 'post' | 'posts' | 'reason' | 'tablePrefix', string>

/** The options of a command that always has some of them. */
export type OptionsWith<Given extends keyof Options> = Options & Required<Pick<Options, Given>>

/** What the help says of each command: one line for the list, paragraphs, what `--json` writes, examples. */
export const help: Readonly<Record<CommandDefinition['name'], (typeof texts)['send']>> = texts

/**
 * A command: its arguments and options, and what it does; `help.json` tells of it. `Given` are the options that it always
 * has.
 */
export interface CommandDefinition<Operands = never, Given extends keyof Options = never> {
  readonly name: keyof typeof texts
  /** The actions of a command with several, and what each does. */
  readonly actions?: readonly (readonly [usage: string, about: string, ...unknown[]])[]
  /** Whether it works on the tables of a blog, and not on the network: its options say where they are. @default false */
  readonly isOffline?: boolean
  /** Declares its arguments and options. */
  declare(command: Command): unknown
  /**
   * Runs it, and resolves to whether the result is positive. A `TypeError`, also of the library, says that the command
   * was used wrongly: it is shown with a reference to the help.
   */
  run(context: Context, operands: Operands, options: OptionsWith<Given>): Promise<boolean>
}
