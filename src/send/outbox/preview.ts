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

/** Reads the pages of the targets that nothing is known of yet, and says what would become of each; sends nothing. */
export async function previewOf(postId: string, links: Links, context: SenderContext): Promise<Preview> {
  const { deliveries, client } = context
  const { concurrentPages, maxUrlLength } = context.limits
  const { targets, ...skipped } = links
  const expected = new Map<string, PreviewTarget>()
  const pages: KeptDelivery[] = []
  for (const target of targets) {
    const kept = await deliveries.read(postId, target.url)
    const delivery = kept?.value ?? newDelivery(postId, target, 0)
    expected.set(target.url, pick(delivery))
    if (!kept && delivery.pingUrl === null) pages.push(delivery)
  }
  await eachByHost(pages, concurrentPages, async (delivery) => {
    const verdict = await discover(delivery.target, { client }).then(
      (discovery) => judgeDiscovery(discovery, maxUrlLength),
      judgeError,
    )
    const after = applyVerdict(delivery, verdict, { maxAttempts: 2, now: 0, isLast: false })
    expected.set(after.target, pick(after))
  })
  return { targets: withDuplicates([...expected.values()]), ...skipped }
}

/** Does something with each delivery, some at a time and one of a host at a time. */
async function eachByHost(
  deliveries: readonly KeptDelivery[],
  concurrency: number,
  work: (delivery: KeptDelivery) => Promise<void>,
): Promise<void> {
  const hosts = new Map<string, KeptDelivery[]>()
  for (const delivery of deliveries) {
    const host = serverOf(new URL(delivery.target))
    hosts.set(host, [...(hosts.get(host) ?? []), delivery])
  }
  const queues = [...hosts.values()]
  const worker = async (): Promise<void> => {
    for (let own = queues.shift(); own; own = queues.shift()) for (const each of own) await work(each)
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, queues.length) }, worker))
}

function pick({ target, state, reason, pingUrl }: Delivery): PreviewTarget {
  return { target, state, reason, pingUrl }
}

function withDuplicates(targets: readonly PreviewTarget[]): PreviewTarget[] {
  const endpoints = new Set<string>()
  return targets.map((target) => {
    const { state, pingUrl } = target
    if (pingUrl === null) return target
    const isFirst = endpoints.size < endpoints.add(endpointOf(pingUrl)).size
    if (isFirst || state !== 'waiting') return target
    return { ...target, state: 'duplicate', reason: { code: 'same-ping-url' } }
  })
}
