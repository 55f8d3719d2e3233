import { discover } from '../../discover/discover.js'
import { type Delivery, newDelivery } from './delivery.js'
import type { Links } from './links.js'
import type { SenderContext } from './options.js'
import { judgeDiscovery, judgeError, type Verdict } from './verdict.js'

/** What would become of one target: `waiting` means that it would be pinged, now or when its page can be read. */
export type PreviewTarget = Pick<Delivery, 'target' | 'state' | 'reason' | 'pingUrl'>

/** What announcing a post would do. */
export interface Preview extends Omit<Links, 'targets'> {
  readonly targets: readonly PreviewTarget[]
}

/** Reads the pages of the targets that nothing is known of yet, and says what would become of each; sends nothing. */
export async function previewOf(postId: string, links: Links, context: SenderContext): Promise<Preview> {
  const { deliveries, client } = context
  const { concurrentPages: concurrency, maxUrlLength } = context.limits
  const { targets, ...skipped } = links
  const known = new Map<string, PreviewTarget>()
  for (const { url } of targets) {
    const kept = await deliveries.read(postId, url)
    if (kept) known.set(url, pick(kept.value))
  }
  const pages = targets.filter(({ url, isPingUrl }) => !isPingUrl && !known.has(url)).map(({ url }) => url)
  for (const outcome of await discover.many(pages, { client, concurrency, perHost: 1 })) {
    const verdict =
      'error' in outcome ? judgeError(outcome.error) : judgeDiscovery(outcome.discovery, maxUrlLength)
    known.set(outcome.url, expected(outcome.url, verdict))
  }
  return {
    targets: withDuplicates(
      targets.map((target) => known.get(target.url) ?? pick(newDelivery(postId, target, 0))),
    ),
    ...skipped,
  }
}

function pick({ target, state, reason, pingUrl }: Delivery): PreviewTarget {
  return { target, state, reason, pingUrl }
}

function expected(target: string, { outcome, reason, pingUrl }: Verdict): PreviewTarget {
  const state = outcome === 'discovered' || outcome === 'retry' ? 'waiting' : outcome
  return { target, state, reason, pingUrl: pingUrl ?? null }
}

function withDuplicates(targets: readonly PreviewTarget[]): PreviewTarget[] {
  const pingUrls = new Set<string>()
  return targets.map((target) => {
    const { state, pingUrl } = target
    if (pingUrl === null) return target
    const isFirst = pingUrls.size < pingUrls.add(pingUrl).size
    if (isFirst || state !== 'waiting') return target
    return { ...target, state: 'duplicate', reason: { code: 'same-ping-url' } }
  })
}
