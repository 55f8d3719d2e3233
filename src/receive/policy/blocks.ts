import { domainToASCII } from 'node:url'
import { clientAddress, createAddressList, parseRange } from '../../base/address.js'
import { checkId } from '../../base/options.js'
import { whenThere } from '../../base/waiting.js'
import { hostAndParents, withoutFinalDots } from '../../protocol/url.js'
import { createJsonRecords } from '../../store/records.js'
import type { RecordStore } from '../../store/store.js'
import { parseSource, sourceKeyOf } from '../urls/source-url.js'
import { isPublicSuffix } from './flood-keys.js'
import { createRecent, type Recent } from './recent.js'

/** What an author blocks: one source, a host with all its sub-domains, or a client (IPv4 address or IPv6 /56). */
export interface BlockSubject {
  /** The blog to whose posts it may send no pings. @default all blogs */
  readonly blog?: string | undefined
  readonly kind: 'source' | 'host' | 'address'
  /** The URL of a source, the name of a host, or the address of a client. */
  readonly value: string
}

/** A block that is in force. */
export interface Block extends BlockSubject {
  readonly reason: string
  /** Who blocked it, where the blog engine said so. */
  readonly user?: string
  /** Since when, in milliseconds since 1970. */
  readonly at: number
}

/** How many blocks there may be that hold for all blogs, and as many again for each blog. */
const mostBlocks = 10_000
/** Of how many blogs the blocks are at hand at once. */
const mostBlogs = 1000

/** The blocks of a receiver. */
export type Blocks = ReturnType<typeof createBlocks>

/** Blocks that hold at once in this process, and within ten seconds in the others that share the store. */
export function createBlocks(records: RecordStore, now: () => number) {
  const everywhere = createRecent(async () => createMatcher(await all()), now)
  const blogs = new Map<string, Recent<Matcher>>()
  /** Goes on where it was, past all that was deleted. */
  const oldestFirst = blogs.keys()

  const recordsOf = (blog: string) => createJsonRecords<Block>(records, recordKind(blog))

  /** Those of one blog; without it, those that hold for all blogs. */
  const all = (blog = ''): Promise<readonly Block[]> => recordsOf(blog).list('', mostBlocks)

  function matcherOf(blog: string): Recent<Matcher> {
    const known = blog === '' ? everywhere : blogs.get(blog)
    if (known) return known
    if (blogs.size === mostBlogs) blogs.delete(oldestFirst.next().value as string)
    const matcher = createRecent(async () => createMatcher(await all(blog)), now)
    blogs.set(blog, matcher)
    return matcher
  }

  return {
    all,
    async add(subject: BlockSubject, reason: string, user?: string): Promise<Block> {
      const block: Block = { ...(await identify(subject)), reason, ...(user && { user }), at: now() }
      const { blog = '' } = block
      if ((await all(blog)).length >= mostBlocks)
        throw new RangeError(`there are ${mostBlocks} blocks already`)
      await recordsOf(blog).write(nameOfBlock(block), block, null)
      await matcherOf(blog).again()
      return block
    },
    /** Resolves to whether there was one. */
    async remove(subject: BlockSubject): Promise<boolean> {
      const { blog = '' } = subject
      const parsed = await parseBlock(subject)
      // A block that would be refused today, as the list of public suffixes grew, goes by its own name.
      const name = nameOfBlock(typeof parsed === 'string' ? subject : parsed)
      const removed = await records.remove(recordKind(blog), name)
      await matcherOf(blog).again()
      return removed
    },
    /** What tells whether a ping to a post of a blog comes from something that is blocked there, or everywhere. */
    matcher(blog = ''): Matcher | Promise<Matcher> {
      if (blog === '') return everywhere.get()
      return whenThere(everywhere.get(), (all) => whenThere(matcherOf(blog).get(), (own) => either(all, own)))
    },
  }
}

function recordKind(blog: string): string {
  return blog === '' ? 'block' : `block ${blog}`
}

type Matcher = (sourceKey: string, host: string, clientIp: string | null) => boolean

function either(one: Matcher, other: Matcher): Matcher {
  return (...ping) => one(...ping) || other(...ping)
}

function createMatcher(blocks: readonly Block[]): Matcher {
  if (blocks.length === 0) return () => false
  const names = new Set(blocks.map(nameOfBlock))
  const valuesOf = (kind: Block['kind']): string[] =>
    blocks.flatMap((block) => (block.kind === kind ? block.value : []))
  const folders = valuesOf('source').flatMap((url) => (url.endsWith('/*') ? url.slice(0, -1) : []))
  const hasAddress = createAddressList(valuesOf('address').filter((address) => parseRange(address) !== null))
  return (sourceKey, host, clientIp) =>
    names.has(`source ${sourceKey}`) ||
    folders.some((folder) => sourceKey.startsWith(folder)) ||
    hasAddress(clientAddress(clientIp)) ||
    hostAndParents(host).some((each) => names.has(`host ${each}`))
}

/** What tells a block from the others of its blog: its key in the store. */
export function nameOfBlock({ kind, value }: BlockSubject): string {
  return `${kind} ${value}`
}

const problems = {
  kind: "a block needs a kind, 'source', 'host' or 'address', and a value",
  source: 'a block of a source needs its http or https URL',
  address: 'a block of a client needs its IP address, or a range such as 192.0.2.0/24',
  'wide-range': 'a range of addresses must have at least /8 (IPv4) or /16 (IPv6)',
  host: 'is not a host name (leave out scheme, port and path)',
  'public-suffix': 'is a public suffix: a block of it would refuse everybody there',
} as const

/** Why something cannot be blocked. */
export type BlockProblem = keyof typeof problems

async function identify(subject: BlockSubject): Promise<BlockSubject> {
  const parsed = await parseBlock(subject)
  const { blog = '' } = subject
  checkId(blog, 'blog of a block')
  if (typeof parsed !== 'string') return { ...parsed, ...(blog && { blog }) }
  throw new TypeError(problems[parsed].replace(/^is /, `'${subject.value}' is `))
}

/** What is to be blocked in its one spelling, or why it cannot be. */
export async function parseBlock({ kind, value }: BlockSubject): Promise<BlockSubject | BlockProblem> {
  if (typeof value !== 'string' || !Object.hasOwn(canonical, kind)) return 'kind'
  const parsed = await canonical[kind](value)
  return typeof parsed === 'string' ? parsed : { kind, value: parsed.value }
}

type Parsed = { readonly value: string } | BlockProblem

const canonical: Readonly<Record<Block['kind'], (value: string) => Parsed | Promise<Parsed>>> = {
  source(value) {
    const url = parseSource(value)
    return url === null ? 'source' : { value: sourceKeyOf(url) }
  },
  address(value) {
    const client = clientAddress(value)
    if (client !== null && !client.includes(':')) return { value: client }
    const range = parseRange(client === null ? value : `${client}/56`)
    if (range === null) return 'address'
    return range.length < (range.family === 'ipv4' ? 8 : 16) ? 'wide-range' : { value: range.text }
  },
  async host(value) {
    // Of `a/b` and its like only the host would be left.
    const host = /[/\\?#@]/.test(value) ? '' : withoutFinalDots(domainToASCII(value.replace(/^\*?\./, '')))
    if (host === '') return 'host'
    return (await isPublicSuffix(host)) ? 'public-suffix' : { value: host }
  },
}
