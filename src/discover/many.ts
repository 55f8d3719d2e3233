import { positiveInteger } from '../base/limits.js'
import { parseUrl, serverOf } from '../protocol/url.js'
import type { Discovery } from './page.js'

/** How `discover.many` shares out its work. */
export interface ManyOptions {
  /**
   * How many pages are read at once.
   * @default 8
   */
  readonly concurrency?: number | undefined
  /**
   * How many of them may be of one host.
   * @default 2
   */
  readonly perHost?: number | undefined
}

/** What came of one page: a discovery, or the error that kept it from being read. */
export type DiscoveryOutcome =
  | { readonly url: string; readonly discovery: Discovery }
  | { readonly url: string; readonly error: unknown }

/** Discovers each URL once, and gives the outcomes in the order of the URLs. */
export async function discoverEach(
  pageUrls: Iterable<string | URL>,
  discoverOne: (url: string) => Promise<Discovery>,
  options: ManyOptions,
): Promise<DiscoveryOutcome[]> {
  const concurrency = positiveInteger(options.concurrency, 8, 'concurrency')
  const perHost = positiveInteger(options.perHost, 2, 'perHost')
  const urls = Array.from(pageUrls, String)
  const outcomes = new Map<string, DiscoveryOutcome>()
  const lanes = lanesOf(new Set(urls), perHost)
  const work = async (): Promise<void> => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
      for (const url of lane) outcomes.set(url, await outcomeOf(url, discoverOne))
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, lanes.length) }, work))
  return urls.flatMap((url) => outcomes.get(url) ?? [])
}

/** Deals the URLs of each host into as many lanes as it may have requests at once; a lane is read one by one. */
function lanesOf(urls: Iterable<string>, perHost: number): string[][] {
  const hosts = new Map<string, string[]>()
  for (const url of urls) {
    const parsed = parseUrl(url)
    const host = parsed ? serverOf(parsed) : ''
    const own = hosts.get(host)
    if (own) own.push(url)
    else hosts.set(host, [url])
  }
  return [...hosts.values()].flatMap((own) =>
    Array.from({ length: Math.min(perHost, own.length) }, (_, lane) =>
      own.filter((_, index) => index % perHost === lane),
    ),
  )
}

async function outcomeOf(
  url: string,
  discoverOne: (url: string) => Promise<Discovery>,
): Promise<DiscoveryOutcome> {
  try {
    return { url, discovery: await discoverOne(url) }
  } catch (error) {
    return { url, error }
  }
}
