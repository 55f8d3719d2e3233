import type { Command } from 'commander'
import type { PingResult } from '../../../index.js'
import { webUrl } from '../terminal/arguments.js'
import type { CommandDefinition } from '../terminal/command.js'
import { green, type Printer, red, type Styled, yellow } from '../terminal/printer.js'

/** Declares the options that say what a ping contains. */
export function addPingOptions(command: Command): void {
  command
    .option('--title <text>', 'the title in the ping')
    .option('--excerpt <text>', 'the excerpt in the ping')
    .option('--blog-name <text>', 'the name of the blog in the ping')
    .option('--charset <name>', 'the character set to send in, such as euc-jp (default: utf-8)')
}

/** `trackbacks send`: one ping. */
export const send: CommandDefinition<[pingUrl: string], 'url'> = {
  name: 'send',
  declare(command) {
    command.argument('<ping-url>', 'where the ping is sent', webUrl)
    command.requiredOption('--url <url>', 'your page that links to the post (required)', webUrl)
    addPingOptions(command)
  },
  async run({ library, client, signal, show }, [pingUrl], { url, title, excerpt, blogName, charset }) {
    const ping = { url, title, excerpt, blogName }
    const result = await library.sendPing(pingUrl, ping, { client, charset, signal })
    show(result, print)
    return result.outcome === 'accepted'
  },
}

const headlines: Readonly<Record<PingResult['outcome'], Styled>> = {
  accepted: green('Accepted'),
  refused: red('Refused'),
  throttled: yellow('Not now'),
  unrecognised: red('Not a TrackBack response'),
}

function print(out: Printer, result: PingResult): void {
  out.line(headlines[result.outcome], ` (${httpOf(result)}): ${result.pingUrl}`)
  out.rows(wordsOf(result))
}

/** The row of what the other side says, if anything. */
export function wordsOf(result: PingResult | null | undefined): { 'they say': string | undefined } {
  return { 'they say': result?.outcome === 'unrecognised' ? result.snippet : result?.message }
}

function httpOf(result: PingResult): string {
  const http = `HTTP ${result.status}`
  if (result.outcome === 'refused') return `${http}, error ${result.code}`
  if (result.outcome === 'unrecognised') return `${http}, ${result.contentType ?? 'no content type'}`
  const isTimed = result.outcome === 'throttled' && result.retryAfter !== undefined
  return isTimed ? `${http}, try again in ${result.retryAfter} seconds` : http
}
