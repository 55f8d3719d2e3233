import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { withoutFinalDots } from '../protocol/url.js'
import { listAll } from '../store/records.js'
import type { RecordStore } from '../store/store.js'
import { hostAndParents } from './checks/lists.js'
import { clientKey } from './flood-keys.js'
import { parseSource, sourceKeyOf } from './source.js'

/** What an author blocks: one source, a host with all its sub-domains, or a client (IPv4 address or IPv6 /64). */
export type BlockSubject =
  | { readonly source: string; readonly host?: never; readonly address?: never }
  | { readonly host: string; readonly source?: never; readonly address?: never }
  | { readonly address: string; readonly source?: never; readonly host?: never }

/** A block that is in force. */
export interface Block {
  /** `source`, `host` or `address`, and its value. */
  readonly kind: 'source' | 'host' | 'address'
  readonly value: string
  readonly reason: string
  /** Who blocked it, where the blog engine said so. */
  readonly user?: string
  /** Since when, in milliseconds since 1970. */
  readonly at: number
}

/** The blocks of a receiver, kept in its store. */
export interface Blocks {
  add(subject: BlockSubject, reason: string, user?: string): Promise<Block>
  /** Resolves to whether there was one. */
  remove(subject: BlockSubject): Promise<boolean>
  all(): Promise<readonly Block[]>
  /** Whether a ping comes from something that is blocked. */
  has(sourceKey: string, host: string, clientIp: string | null): boolean | Promise<boolean>
}

const recordKind = 'block'
const refreshPeriod = 10_000
const mostBlocks = 10_000

/** Blocks that hold at once in this process, and within ten seconds in the others that share the store. */
export function createBlocks(records: RecordStore, now: () => number): Blocks {
  let names: ReadonlySet<string> = new Set()
  let readAt = Number.NEGATIVE_INFINITY
  let reads = 0
  let reading: Promise<void> | undefined

  const all = (): Promise<readonly Block[]> => listAll<Block>(records, recordKind, '', mostBlocks)

  async function read(): Promise<void> {
    const begun = now()
    reads += 1
    const turn = reads
    const blocks = await all()
    // A read that began later knows more, and has spoken already.
    if (turn < reads) return
    readAt = begun
    names = new Set(blocks.map(nameOfBlock))
  }

  function isBlocked(sourceKey: string, host: string, clientIp: string | null): boolean {
    if (names.size === 0) return false
    if (names.has(`source ${sourceKey}`)) return true
    if (clientIp !== null && names.has(`address ${clientKey(clientIp)}`)) return true
    return hostAndParents(host).some((each) => names.has(`host ${each}`))
  }

  return {
    all,
    async add(subject, reason, user) {
      if ((await all()).length >= mostBlocks) throw new RangeError(`there are ${mostBlocks} blocks already`)
      const block: Block = { ...identify(subject), reason, ...(user && { user }), at: now() }
      await records.put(recordKind, nameOfBlock(block), JSON.stringify(block), null)
      await read()
      return block
    },
    async remove(subject) {
      const removed = await records.remove(recordKind, nameOfBlock(identify(subject)))
      await read()
      return removed
    },
    has(sourceKey, host, clientIp) {
      const age = now() - readAt
      // A clock that was put back makes it negative: then it says nothing.
      if (age >= 0 && age < refreshPeriod && !reading) return isBlocked(sourceKey, host, clientIp)
      reading ??= read().finally(() => {
        reading = undefined
      })
      return reading.then(() => isBlocked(sourceKey, host, clientIp))
    },
  }
}

/** What tells a block from all others: its key in the store. */
export function nameOfBlock({ kind, value }: Pick<Block, 'kind' | 'value'>): string {
  return `${kind} ${value}`
}

function identify({ source, host, address }: BlockSubject): Pick<Block, 'kind' | 'value'> {
  if (source !== undefined) {
    const url = parseSource(source)
    if (url === null) throw new TypeError('a block of a source needs its http or https URL')
    return { kind: 'source', value: sourceKeyOf(url) }
  }
  if (address !== undefined) {
    if (isIP(address) === 0) throw new TypeError('a block of a client needs its IP address')
    return { kind: 'address', value: clientKey(address) }
  }
  if (!host) throw new TypeError('a block needs a source, a host or an address')
  // Of `a/b` and its like only the host would be left.
  const value = /[/\\?#@]/.test(host) ? '' : withoutFinalDots(domainToASCII(host.replace(/^\*?\./, '')))
  if (value === '')
    throw new TypeError(`'${host}' is no host: give its name alone, without scheme, port and path`)
  return { kind: 'host', value }
}
