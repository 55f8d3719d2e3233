import { canonicalHost, webUrl } from '../../../protocol/url.js'
import { type BlockProblem, type BlockSubject, parseBlock } from '../../../receive/policy/blocks.js'
import { type Affected, affectedBy } from './listing.js'
import type { Scope } from './scope.js'

/** A block that an author may mean, and what it affects; `null` where that is not known. */
export interface PossibleBlock {
  readonly subject: BlockSubject
  readonly affected: Affected | null
}

/**
 * What the text in the form of blocks may mean: a URL is that of a source, and names a host. Without any such meaning, why
 * it cannot be blocked.
 */
export async function readBlocks(
  text: string,
  store: Scope['store'],
): Promise<{ readonly blocks: readonly PossibleBlock[]; readonly problem: BlockProblem | null }> {
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
    affected: subject.kind === 'address' ? null : await affectedBy(subject, store),
  }))
  const problem = parsed.find((each) => each === 'wide-range' || each === 'public-suffix')
  return { blocks: await Promise.all(affected), problem: problem ?? (subjects.length === 0 ? 'kind' : null) }
}
