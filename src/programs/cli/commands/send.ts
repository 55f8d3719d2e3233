import type { Command } from 'commander'
import type { PingResult } from '../../../index.js'
import { addNetworkOptions, type NetworkValues, webUrl, withNetwork } from '../terminal/arguments.js'
import type { CommandDefinition } from '../terminal/command.js'
import { usageOf } from '../terminal/failures.js'
import type { Printer } from '../terminal/printer.js'
import { green, red, type Styled, yellow } from '../terminal/style.js'

/** The options that say what a ping contains. */
export interface PingValues extends NetworkValues {
  readonly title?: string
  readonly excerpt?: string
  readonly blogName?: string
  readonly charset?: string
}

/** Declares the options that say what a ping contains. */
export function addPingOptions(command: Command): Command {
  return command
    .option('--title <text>', 'the title in the ping')
    .option('--excerpt <text>', 'the excerpt in the ping')
    .option('--blog-name <text>', 'the name of the blog in the ping')
    .option('--charset <name>', 'the character set to send in, such as euc-jp (default: utf-8)')
}

/** `trackbacks send`: one ping. */
export const send: CommandDefinition<[pingUrl: string], PingValues & { readonly url: string }> = {
  name: 'send',
  summary: 'send one ping, and show the response',
  about: [
    'Notifies the post behind a ping URL that a page of yours links to it. Missing fields are filled in: the title from the URL, the excerpt from the title, the blog name from the host. Exit status 0 if the ping is accepted, otherwise 1.',
  ],
  json: [
    "{ outcome: 'accepted', status, pingUrl, message? }",
    "{ outcome: 'refused', status, pingUrl, message, code }",
    "{ outcome: 'throttled', status, pingUrl, message?, retryAfter? } (seconds)",
    "{ outcome: 'unrecognised', status, pingUrl, snippet, contentType }",
  ],
  examples: [
    'trackbacks send https://a.example/tb/5 --url https://my.blog/7 --title Hello',
    'trackbacks send https://b.example/5 --url https://my.blog/7 --charset euc-jp',
  ],
  declare(command) {
    command.argument('<ping-url>', 'where the ping is sent', webUrl)
    command.requiredOption('--url <url>', 'your page that links to the post (required)', webUrl)
    addNetworkOptions(addPingOptions(command))
  },
  async run({ out, signal, isJson }, [pingUrl], options) {
    const { url, title, excerpt, blogName, charset } = options
    const { sendPing } = await import('../../../index.js')
    const ping = { url, title, excerpt, blogName }
    const result = await withNetwork(options, (client) =>
      sendPing(pingUrl, ping, { client, charset, signal }),
    ).catch((error: unknown) => Promise.reject(usageOf(error)))
    if (isJson) out.json(result)
    else print(out, result)
    return result.outcome === 'accepted'
  },
}

function print(out: Printer, result: PingResult): void {
  out.line(headlineOf(result), ` (${httpOf(result)}): ${result.pingUrl}`)
  printWords(out, result, 2)
}

/** Prints what the other side says, if anything. */
export function printWords(out: Printer, result: PingResult, indent: number): void {
  out.rows(
    { 'they say': 'message' in result ? result.message : 'snippet' in result ? result.snippet : '' },
    indent,
  )
}

function headlineOf({ outcome }: PingResult): Styled {
  if (outcome === 'accepted') return green('Accepted')
  if (outcome === 'refused') return red('Refused')
  return outcome === 'unrecognised' ? red('Not a TrackBack response') : yellow('Not now')
}

function httpOf(result: PingResult): string {
  const http = `HTTP ${result.status}`
  if (result.outcome === 'refused') return `${http}, error ${result.code}`
  if (result.outcome === 'unrecognised') return `${http}, ${result.contentType ?? 'no content type'}`
  const isTimed = result.outcome === 'throttled' && result.retryAfter !== undefined
  return isTimed ? `${http}, try again in ${result.retryAfter} seconds` : http
}
