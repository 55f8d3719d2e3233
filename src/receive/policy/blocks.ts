import { domainToASCII } from 'node:url'
import { clientAddress } from '../../base/address.js'
import { checkId } from '../../base/options.js'
import { hostAndParents, withoutFinalDots } from '../../protocol/url.js'
import { listAll } from '../../store/records.js'
import type { RecordStore } from '../../store/store.js'
import type { Block, BlockSubject, Blocks } from '../options/context.js'
import { parseSource, sourceKeyOf } from '../urls/source-url.js'
import { clientKey } from './flood-keys.js'
import { createRecent, type Recent } from './recent.js'

/** How many blocks there may be that hold for all blogs, and as many again for each blog. */
const mostBlocks = 10_000
/** Of how many blogs the blocks are at hand at once. */
const mostBlogs = 1000

/** Blocks that hold at once in this process, and within ten seconds in the others that share the store. */
export function createBlocks(records: RecordStore, now: () => number): Blocks {
  const blogs = new Map<string, Recent<ReadonlySet<string>>>()

  const all = (blog = ''): Promise<readonly Block[]> =>
    listAll<Block>(records, recordKind(blog), '', mostBlocks)

  function namesOf(blog: string): Recent<ReadonlySet<string>> {
    const known = blogs.get(blog)
    if (known) return known
    const [oldest] = blogs.keys()
    if (blogs.size === mostBlogs && oldest !== undefined) blogs.delete(oldest)
    const names = createRecent(async () => new Set((await all(blog)).map(nameOfBlock)), now)
    blogs.set(blog, names)
    return names
  }

  return {
    all,
    async add(subject, reason, user) {
      const block: Block = { ...identify(subject), reason, ...(user && { user }), at: now() }
      const { blog = '' } = block
      if ((await all(blog)).length >= mostBlocks)
        throw new RangeError(`there are ${mostBlocks} blocks already`)
      await records.put(recordKind(blog), nameOfBlock(block), JSON.stringify(block), null)
      await namesOf(blog).again()
      return block
    },
    async remove(subject) {
      const { blog = '', ...found } = identify(subject)
      const names = new Set([nameOfBlock(found)])
      // A release before this one kept the /64 of a client.
      if (subject.kind === 'address') names.add(`address ${clientKey(subject.value, 64)}`)
      let removed = false
      for (const name of names) removed = (await records.remove(recordKind(blog), name)) || removed
      await namesOf(blog).again()
      return removed
    },
    async has(sourceKey, host, clientIp, blog = '') {
      const everywhere = isOn(await namesOf('').get(), sourceKey, host, clientIp)
      return everywhere || (blog !== '' && isOn(await namesOf(blog).get(), sourceKey, host, clientIp))
    },
  }
}

function isOn(
  blocked: ReadonlySet<string>,
  sourceKey: string,
  host: string,
  clientIp: string | null,
): boolean {
  if (blocked.size === 0) return false
  if (blocked.has(`source ${sourceKey}`)) return true
  // A release before this one kept the /64 of a client.
  const keys = clientIp === null ? [] : [clientKey(clientIp), clientKey(clientIp, 64)]
  if (keys.some((key) => blocked.has(`address ${key}`))) return true
  return hostAndParents(host).some((each) => blocked.has(`host ${each}`))
}

function recordKind(blog: string): string {
  return blog === '' ? 'block' : `block ${blog}`
}

/** What tells a block from the others of its blog: its key in the store. */
export function nameOfBlock({ kind, value }: BlockSubject): string {
  return `${kind} ${value}`
}

function identify({ kind, value, blog = '' }: BlockSubject): BlockSubject {
  if (typeof value !== 'string' || !Object.hasOwn(canonical, kind)) {
    throw new TypeError("a block needs a kind, 'source', 'host' or 'address', and a value")
  }
  checkId(blog, 'blog of a block')
  return { kind, value: canonical[kind](value), ...(blog && { blog }) }
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
