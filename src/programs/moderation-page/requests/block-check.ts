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
  const asked: BlockSubject[] = [
    { kind: 'address', value },
    { kind: 'host', value: url ? canonicalHost(url) : value },
    { kind: 'source', value },
  ]
  const parsed = await Promise.all(asked.map(parseBlock))
  const isAddress = typeof parsed[0] === 'object' || parsed[0] === 'wide-range'
  const subjects = parsed.flatMap((each, at) =>
    typeof each === 'object' && !(isAddress && at === 1) ? each : [],
  )
  const affected = subjects.map(async (subject) => ({
    subject,
    affected: subject.kind === 'address' ? null : await affectedBy(subject, scope),
  }))
  const known = parsed.find((each) => each === 'wide-range' || each === 'public-suffix')
  const problem = known ?? (subjects.length === 0 ? ('invalid' as const) : null)
  return { blocks: await Promise.all(affected), problem }
}

/**
 * Counts what was received from a host or source, by its state, among the newest: `isMore` if there are more than were
 * looked at. A client's address is not searched for.
 */
export async function affectedBy({ kind, value }: BlockSubject, { list }: Scope, state?: TrackbackState) {
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
