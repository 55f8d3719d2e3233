import { discover } from '../../discover/discover.js'
import { serverOf } from '../../protocol/url.js'
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
  const { concurrentPages, maxUrlLength } = context.limits
  const { targets, ...skipped } = links
  const known = new Map<string, PreviewTarget>()
  for (const { url } of targets) {
    const kept = await deliveries.read(postId, url)
    if (kept) known.set(url, pick(kept.value))
  }
  const pages = targets.filter(({ url, isPingUrl }) => !isPingUrl && !known.has(url)).map(({ url }) => url)
  await eachByHost(pages, concurrentPages, async (url) => {
    const verdict = await discover(url, { client }).then(
      (discovery) => judgeDiscovery(discovery, maxUrlLength),
      judgeError,
    )
    known.set(url, expected(url, verdict))
  })
  return {
    targets: withDuplicates(
      targets.map((target) => known.get(target.url) ?? pick(newDelivery(postId, target, 0))),
    ),
    ...skipped,
  }
}

/** Does something with each URL, some at a time and one of a host at a time. */
async function eachByHost(
  urls: readonly string[],
  concurrency: number,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const hosts = new Map<string, string[]>()
  for (const url of urls) {
    const host = serverOf(new URL(url))
    hosts.set(host, [...(hosts.get(host) ?? []), url])
  }
  const queues = [...hosts.values()]
  const worker = async (): Promise<void> => {
    for (let own = queues.shift(); own; own = queues.shift()) for (const url of own) await work(url)
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, queues.length) }, worker))
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
