import { discover } from '../../discover/discover.js'
import { serverOf } from '../../protocol/url.js'
import { type Delivery, endpointOf, type KeptDelivery, newDelivery } from './delivery.js'
import type { Links } from './links.js'
import type { SenderContext } from './options.js'
import { applyVerdict, judgeDiscovery, judgeError } from './verdict.js'

/** What would become of one target: `waiting` means that it would be pinged, now or when its page can be read. */
export type PreviewTarget = Pick<Delivery, 'target' | 'state' | 'reason' | 'pingUrl'>

/** What announcing a post would do. */
export interface Preview extends Omit<Links, 'targets'> {
  readonly targets: readonly PreviewTarget[]
}

/**
 * Reads the pages of the targets that nothing is known of yet, some at a time and one of a host at a time, and says what would
 * become of each; sends nothing.
 */
export async function previewOf(postId: string, links: Links, context: SenderContext): Promise<Preview> {
  const { deliveries, client } = context
  const { concurrentPages, maxUrlLength } = context.limits
  const { targets, ...skipped } = links
  const expected = new Map<string, KeptDelivery>()
  const pages = new Map<string, KeptDelivery[]>()
  for (const target of targets) {
    const kept = await deliveries.read(postId, target.url)
    const delivery = kept?.value ?? newDelivery(postId, target, 0)
    expected.set(target.url, delivery)
    if (kept || target.isPingUrl) continue
    const host = serverOf(new URL(target.url))
    pages.set(host, [...(pages.get(host) ?? []), delivery])
  }
  // All readers take the next host from one iterator.
  const hosts = pages.values()
  async function readPages(): Promise<void> {
    for (const ofHost of hosts)
      for (const delivery of ofHost) {
        const verdict = await discover(delivery.target, { client }).then(
          (discovery) => judgeDiscovery(discovery, maxUrlLength),
          judgeError,
        )
        const after = applyVerdict(delivery, verdict, { maxAttempts: 2, now: 0, isLast: false })
        expected.set(delivery.target, after)
      }
  }
  await Promise.all(Array.from({ length: Math.min(concurrentPages, pages.size) }, readPages))
  return { targets: toTargets(expected.values()), ...skipped }
}

/** What the outside sees of each; only the first that leads to an endpoint is pinged. */
function toTargets(deliveries: Iterable<KeptDelivery>): PreviewTarget[] {
  const endpoints = new Set<string>()
  return Array.from(deliveries, ({ target, state, reason, pingUrl }) => {
    const isFirst = pingUrl === null || endpoints.size < endpoints.add(endpointOf(pingUrl)).size
    if (isFirst || state !== 'waiting') return { target, state, reason, pingUrl }
    return { target, state: 'duplicate', reason: { code: 'same-ping-url' }, pingUrl }
  })
}
