import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TrackbackError } from '../../src/base/errors.js'
import type { HttpClient, HttpResponse } from '../../src/http/client.js'
import { actions } from '../../src/receive/policy/history.js'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import type { Store } from '../../src/store/store.js'
import { openRates } from '../support/open-rates.js'
import { form } from '../support/servers.js'
import { repeated } from '../support/strength.js'
import { day, isAccepted, post, send } from './support.js'

const urls = ['http://a.example/1', 'http://b.example/2'] as const
const link = `<a href="${post.url}">this</a>`

/** Something that happens; `end`: at which call of the store from here on the process ends, before or after it. */
const events = fc.record({
  kind: fc.constantFrom('ping', 'import', 'run', 'run', 'wait', 'source', 'decide', 'undo'),
  url: fc.constantFrom(...urls),
  source: fc.constantFrom('linked', 'not-linked', 'gone', 'down'),
  action: fc.constantFrom(...actions),
  hours: fc.constantFrom(0.02, 0.2, 2, 9, 24, 120, 480),
  end: fc.option(fc.record({ call: fc.nat(8), isBefore: fc.boolean() }), { freq: 3 }),
})
type Event = typeof events extends fc.Arbitrary<infer T> ? T : never

/** A store whose process can be made to end: each call fails from then on. */
function mortal(store: Store) {
  let calls = Number.POSITIVE_INFINITY
  let isBefore = false
  let hasEnded = false
  const end = (): never => {
    hasEnded = true
    throw new Error('the process has ended')
  }
  const guarded = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name) {
        const member = target[name as keyof T]
        if (typeof member === 'object' && member !== null) return guarded(member)
        return async (...values: unknown[]) => {
          calls -= 1
          if (hasEnded || (calls < 0 && isBefore)) end()
          const result = await (member as (...values: unknown[]) => unknown)(...values)
          return calls < 0 ? end() : result
        }
      },
    })
  return {
    store: guarded(store),
    live: () => {
      ;[calls, hasEnded] = [Number.POSITIVE_INFINITY, false]
    },
    endAt: (when: Event['end']) => {
      if (when) [calls, isBefore] = [when.call, when.isBefore]
    },
  }
}

/** What a blog lives through; every call of `happens` is one event, and checks what must be true after it. */
function createBlog() {
  const kept = createMemoryStore()
  const { store, live, endAt } = mortal(kept)
  const sources: Record<string, Event['source']> = {}
  const mayBeShown = new Set<string>()
  const decided = new Map<string, string>()
  let time = Date.now()
  let texts = 0

  const client: HttpClient = {
    async request({ url }) {
      const page = sources[String(url)] ?? 'not-linked'
      if (page === 'down') throw new TrackbackError('NETWORK', 'down')
      if (page === 'linked') mayBeShown.add(String(url))
      const body = Buffer.from(page === 'linked' ? link : '<p>no link</p>')
      return {
        ...{ url: String(url), redirects: [], status: page === 'gone' ? 404 : 200 },
        header: (name: string) => (name === 'content-type' ? 'text/html' : null),
        bytes: async () => body,
        body: (async function* () {
          yield body
        })(),
        cancel: () => {},
      } satisfies HttpResponse
    },
    close: async () => {},
  }
  const start = (): Receiver =>
    createReceiver({
      ...{ store, client, checks: [], worker: false, verifyAfter: 0, rateLimits: openRates },
      ...{ baseUrl: 'http://my.example/t/trackback/', findPost: () => post, now: () => time },
      onError: () => {},
    })
  let receiver = start()

  async function act({ kind, url, source, action, hours }: Event): Promise<void> {
    const { moderation } = receiver
    const { items } = await kept.list({})
    const one = items.find((each) => each.url === url)
    if (kind === 'wait') time += hours * 3_600_000
    else if (kind === 'source') sources[url] = source
    else if (kind === 'run') await receiver.runDue()
    else if (kind === 'ping') {
      texts += 1
      const title = `Text ${texts}`
      const isTaken = isAccepted(await send(receiver, undefined, form({ url, title })))
      const [after] = (await kept.list({ text: url })).items
      // Success means: this text waits to be verified, or what was decided on the source stands.
      if (isTaken) expect(after?.state === 'unverified' ? after.title : after && title).toBe(title)
    } else if (kind === 'import') {
      await moderation.import([{ postId: post.id, url, receivedAt: time, state: 'unverified' }])
    } else if (one) {
      // Until it is known what became of it.
      decided.delete(one.id)
      if (kind === 'undo') return void (await moderation.undo(one.id))
      if (action === 'publish' || action === 'notSpam') mayBeShown.add(url)
      const after = await moderation[action](one.id)
      if (after) decided.set(one.id, after.state)
    }
  }

  async function restart(): Promise<void> {
    await receiver.close()
    live()
    receiver = start()
  }

  return {
    async happens(event: Event): Promise<void> {
      endAt(event.end)
      await act(event).catch((error) => expect(String(error)).toMatch('the process has ended'))
      if (event.end) await restart()
      for (const { id, url, state } of (await kept.list({})).items) {
        if (state === 'published') expect(mayBeShown).toContain(url)
        expect(state).toBe(decided.get(id) ?? state)
      }
    },
    /** Time passes, and nothing else happens. */
    async comesToRest(): Promise<void> {
      for (let looks = 0; looks < 60 && (await kept.count({ state: 'unverified' })) > 0; looks += 1) {
        time += day / 6
        await receiver.runDue()
      }
      const left = (await kept.list({ state: 'unverified' })).items
      await receiver.close()
      expect(left).toEqual([])
    },
  }
}

it('whatever comes in whatever order, and wherever the process ends: nothing is shown that must not be, a decision stands, and all that waits comes to an end', async () => {
  const test = async (all: readonly Event[]): Promise<void> => {
    const blog = createBlog()
    for (const event of all) await blog.happens(event)
    await blog.comesToRest()
  }
  await fc.assert(fc.asyncProperty(fc.array(events, { maxLength: 40, size: 'max' }), test), {
    numRuns: repeated(2000, 100),
  })
}, 300_000)
