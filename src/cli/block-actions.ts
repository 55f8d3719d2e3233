import { isIP } from 'node:net'
import type { Block } from '../index.js'
import { parseUrl } from '../protocol/url.js'
import type { BlockSubject } from '../receive/blocks.js'
import type { Action, Work } from './action.js'
import { asUsage, UsageError } from './failures.js'
import type { Printer } from './printer.js'
import { bold, dim } from './style.js'
import { timeOf } from './trackback.js'

/** The actions of `moderate` on blocks. */
export const blockActions: Readonly<Record<string, Action>> = { block, unblock, blocks }

async function block({ operands, moderation, given, out }: Work): Promise<boolean> {
  const added: Block[] = []
  for (const subject of subjectsOf(operands))
    added.push(await moderation.block(subject, given.text('reason')))
  if (given.has('json')) out.json({ blocks: added, missing: [] })
  else for (const each of added) out.line('Blocked: ', bold(`${each.kind} ${each.value}`))
  return true
}

async function unblock({ operands, moderation, given, out, err }: Work): Promise<boolean> {
  const missing: string[] = []
  for (const [index, subject] of subjectsOf(operands).entries()) {
    const name = operands[index] ?? ''
    if (!(await moderation.unblock(subject))) missing.push(name)
    else if (!given.has('json')) out.line('No longer blocked: ', bold(name))
  }
  if (given.has('json')) out.json({ blocks: await moderation.blocks(), missing })
  for (const name of missing) err.text(`trackbacks moderate: ${name} is not blocked`)
  return missing.length === 0
}

async function blocks({ moderation, given, out, operands }: Work): Promise<boolean> {
  if (operands.length > 0) throw new UsageError(`blocks takes nothing; did you mean block ${operands[0]}?`)
  const all = await moderation.blocks()
  if (given.has('json')) out.json({ blocks: all, missing: [] })
  else if (all.length === 0) out.line('Nothing is blocked.')
  else for (const each of all) printBlock(out, each)
  return true
}

function printBlock(out: Printer, { kind, value, reason, at }: Block): void {
  out.line(`${kind.padEnd(9)}`, bold(value))
  out.line('         ', dim(`since ${timeOf(at)}: ${reason}`))
}

/** What is meant is seen by its form: a URL is a source, an IP address a client, anything else a host. */
function subjectsOf(operands: readonly string[]): BlockSubject[] {
  if (operands.length === 0) throw new UsageError('a host, an IP address or a URL is missing')
  return operands.map((text) => asUsage(() => subjectOf(text)))
}

function subjectOf(text: string): BlockSubject {
  if (isIP(text) !== 0) return { address: text }
  if (/^https?:\/\//i.test(text) && parseUrl(text)) return { source: text }
  // A number would be read as an IPv4 address, though the id of a trackback was meant.
  if (/^\d+$/.test(text) || !parseUrl(`http://${text.replace(/^\*?\./, '')}/`) || /[\s/:@]/.test(text))
    throw new UsageError(`'${text}' is no host, IP address or URL`)
  return { host: text }
}
