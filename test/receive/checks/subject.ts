import { createHttpClient, type HttpClient } from '../../../src/http/client.js'
import type {
  Check,
  CheckContext,
  CheckSubject,
  CheckVerdict,
  Verification,
} from '../../../src/receive/checks/check.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import type { Trackback } from '../../../src/store/store.js'
import { sampleTrackback } from '../../../src/testing/sample.js'

/** A trackback as it is kept, with these changes. */
export function trackbackOf(changes: Partial<Trackback> = {}): Trackback {
  const kept = { id: '1', verification: null, checks: [], history: [], revision: 1 }
  return { ...sampleTrackback(changes), ...kept, ...changes }
}

/** A trackback whose source was seen to link to the post, with these changes. */
export function subjectOf(
  changes: Partial<Trackback> = {},
  verification: Partial<Verification> = {},
): CheckSubject {
  const linked: Verification = { outcome: 'linked', reason: { code: 'linked' } }
  const post = { id: '18521/60408081', url: 'https://my.example/2010/01/jal.html' }
  return { trackback: trackbackOf(changes), verification: { ...linked, ...verification }, post }
}

/** What a check may use: a new store, the real clock, and a client that nothing of these tests may need. */
export function contextOf(changes: Partial<CheckContext> = {}): CheckContext {
  return { store: createMemoryStore(), client: unreached, now: Date.now, ...changes }
}

const unreached: HttpClient = {
  request: () => Promise.reject(new Error('this check must not ask anybody')),
  close: () => Promise.resolve(),
}

/** What a check says of a trackback with these changes. */
export async function judge(
  check: Check,
  changes: Partial<Trackback> = {},
  verification: Partial<Verification> = {},
): Promise<CheckVerdict | null> {
  return check.judge(subjectOf(changes, verification), contextOf())
}

/** The score alone. */
export async function scoreOf(...asked: Parameters<typeof judge>): Promise<number | null> {
  return (await judge(...asked))?.score ?? null
}

/** A client that may reach this server of the test. */
export function clientFor(host: string): HttpClient {
  return createHttpClient({ allowHosts: [host] })
}
