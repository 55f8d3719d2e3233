import { canonicalHost, hostAndParents, parseUrl, webUrl } from '../../../protocol/url.js'
import { type BlockSubject, parseBlock } from '../../../receive/policy/blocks.js'
import type { TrackbackState } from '../../../store/store.js'
import { mostLookedAt } from './listing.js'
import type { Scope } from './scope.js'

/**
 * What the text in the form of blocks may mean: a URL is that of a source, and names a host. Each block with what it
 * affects, `null` where that is not known; without any, why the text cannot be blocked.
 */
export async function readBlocks(text: string, scope: Scope) {
  const value = text.trim()
  const url = webUrl(value)
  const parsed = await Promise.all([
    parseBlock({ kind: 'address', value }),
    parseBlock({ kind: 'host', value: url ? canonicalHost(url) : value }),
    parseBlock({ kind: 'source', value }),
  ])
  const isAddress = typeof parsed[0] === 'object' || parsed[0] === 'wide-range'
  const possible = parsed.flatMap((each) => (typeof each === 'object' ? each : []))
  const subjects = possible.filter(({ kind }) => kind !== 'host' || !isAddress)
  const blocks = subjects.map(async (each) => ({ ...each, affected: await affectedBy(each, scope) }))
  const known = parsed.find((each) => each === 'wide-range' || each === 'public-suffix')
  const problem = known ?? (subjects.length === 0 ? ('invalid' as const) : null)
  return { blocks: await Promise.all(blocks), problem }
}

/**
 * Counts what was received from a host or source, by its state, among the newest: `isMore` if there are more than were
 * looked at; `null` for the address of a client, which is not searched for.
 */
export async function affectedBy({ kind, value }: BlockSubject, { list }: Scope, state?: TrackbackState) {
  if (kind === 'address') return null
  const folder = value.endsWith('/*') ? value.slice(0, -1) : null
  const filter = { text: folder ?? value, state }
  const { items, next } = await list(filter, { limit: mostLookedAt, order: 'newest' })
  const states: Partial<Record<TrackbackState, number>> = {}
  for (const { sourceKey, url, state } of items) {
    const source = parseUrl(url)
    const isFromHost = source !== null && hostAndParents(canonicalHost(source)).includes(value)
    const isFromSource = folder ? sourceKey.startsWith(folder) : sourceKey === value
    if (kind === 'source' ? isFromSource : isFromHost) states[state] = (states[state] ?? 0) + 1
  }
  return { states, isMore: next !== undefined }
}
