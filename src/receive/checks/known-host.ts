import { positiveInteger } from '../../base/limits.js'
import { canonicalHost, withoutWww } from '../../protocol/url.js'
import type { Store, Trackback } from '../../store/store.js'
import type { Check } from './check.js'

const kind = 'known-host'
const day = 86_400_000

/** When a source's host is known. */
export interface KnownHostOptions {
  /** For how many days a host must have been published. @default 7 */
  readonly days?: number | undefined
}

/**
 * A trackback from the source's host was published in this blog days ago, and none was rejected by the author since: 3.
 * A source that leads to another host is as known as both hosts are. Throws `TypeError` where `days` is no positive
 * integer.
 */
export function knownHost(options: KnownHostOptions = {}): Check {
  const age = positiveInteger(options.days, 7, 'days') * day
  return {
    name: 'known-host',
    async judge({ trackback: { url, blog }, verification: { finalUrl = url } }, { store, now }) {
      const keys = [...new Set([url, finalUrl].map((each) => keyOf(each, blog)))]
      const since = await Promise.all(keys.map(async (key) => store.records.get(kind, key)))
      const isKnown = since.every((record) => record !== null && Number(record.value) + age <= now())
      return isKnown ? { score: 3, reason: { code: 'known-host' } } : null
    },
  }
}

/** To be called when a trackback is published. A host is remembered only by a source that was seen to link here. */
export async function rememberHost(store: Store, trackback: Trackback): Promise<void> {
  if (trackback.verification?.outcome !== 'linked') return
  await store.records.put(kind, keyOf(trackback.url, trackback.blog), String(trackback.receivedAt), 0)
}

/** To be called when the author rejects a trackback: its host is no longer known. */
export async function forgetHost(store: Store, trackback: Trackback): Promise<void> {
  await store.records.remove(kind, keyOf(trackback.url, trackback.blog))
}

/** What one blog published says nothing to another. */
function keyOf(url: string, blog = ''): string {
  const host = withoutWww(canonicalHost(new URL(url)))
  return blog === '' ? host : `${host} ${blog}`
}
