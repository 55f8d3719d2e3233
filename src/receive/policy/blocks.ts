import { domainToASCII } from 'node:url'
import { clientAddress } from '../../base/address.js'
import { hostAndParents, withoutFinalDots } from '../../protocol/url.js'
import { listAll } from '../../store/records.js'
import type { RecordStore } from '../../store/store.js'
import type { Block, BlockSubject, Blocks } from '../options/context.js'
import { parseSource, sourceKeyOf } from '../urls/source-url.js'
import { clientKey } from './flood-keys.js'

const recordKind = 'block'
const refreshPeriod = 10_000
const mostBlocks = 10_000

/** Blocks that hold at once in this process, and within ten seconds in the others that share the store. */
export function createBlocks(records: RecordStore, now: () => number): Blocks {
  let cached: Promise<ReadonlySet<string>> | undefined
  let readAt = Number.NEGATIVE_INFINITY

  const all = (): Promise<readonly Block[]> => listAll<Block>(records, recordKind, '', mostBlocks)

  /** Reads the blocks anew; of two reads under way the one that began later counts. */
  function read(): Promise<ReadonlySet<string>> {
    readAt = now()
    const reading = all().then((blocks) => new Set(blocks.map(nameOfBlock)))
    reading.catch(() => {
      if (cached === reading) cached = undefined
    })
    cached = reading
    return reading
  }

  function names(): Promise<ReadonlySet<string>> {
    const age = now() - readAt
    // A clock that was put back makes it negative: then it says nothing.
    return cached && age >= 0 && age < refreshPeriod ? cached : read()
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
      const names = new Set([nameOfBlock(identify(subject))])
      // A release before this one kept the /64 of a client.
      if (subject.kind === 'address') names.add(`address ${clientKey(subject.value, 64)}`)
      let removed = false
      for (const name of names) removed = (await records.remove(recordKind, name)) || removed
      await read()
      return removed
    },
    async has(sourceKey, host, clientIp) {
      const blocked = await names()
      if (blocked.size === 0) return false
      if (blocked.has(`source ${sourceKey}`)) return true
      // A release before this one kept the /64 of a client.
      const keys = clientIp === null ? [] : [clientKey(clientIp), clientKey(clientIp, 64)]
      if (keys.some((key) => blocked.has(`address ${key}`))) return true
      return hostAndParents(host).some((each) => blocked.has(`host ${each}`))
    },
  }
}

/** What tells a block from all others: its key in the store. */
export function nameOfBlock({ kind, value }: BlockSubject): string {
  return `${kind} ${value}`
}

function identify({ kind, value }: BlockSubject): BlockSubject {
  if (typeof value !== 'string' || !Object.hasOwn(canonical, kind)) {
    throw new TypeError("a block needs a kind, 'source', 'host' or 'address', and a value")
  }
  return { kind, value: canonical[kind](value) }
}

/** The one spelling of what is blocked, by its kind; each throws a `TypeError` for a value of another kind. */
const canonical: Readonly<Record<Block['kind'], (value: string) => string>> = {
  source(value) {
    const url = parseSource(value)
    if (url === null) throw new TypeError('a block of a source needs its http or https URL')
    return sourceKeyOf(url)
  },
  address(value) {
    // The name of a block that is kept, as a page gives it back, has its length.
    const [, given = value, bits] = /^(.*:.*)\/(56|64)$/.exec(value) ?? []
    if (clientAddress(given) === null) throw new TypeError('a block of a client needs its IP address')
    return clientKey(given, bits === '64' ? 64 : 56)
  },
  host(value) {
    // Of `a/b` and its like only the host would be left.
    const host = /[/\\?#@]/.test(value) ? '' : withoutFinalDots(domainToASCII(value.replace(/^\*?\./, '')))
    if (host !== '') return host
    throw new TypeError(`'${value}' is not a host name (leave out scheme, port and path)`)
  },
}
