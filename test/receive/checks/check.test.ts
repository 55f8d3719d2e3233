import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TrackbackError } from '../../../src/base/errors.js'
import { parsePingList } from '../../../src/protocol/ping-list.js'
import type { Check, CheckVerdict } from '../../../src/receive/checks/check.js'
import { runChecks } from '../../../src/receive/checks/check.js'
import { defaultChecks } from '../../../src/receive/checks/default-checks.js'
import { rememberHost } from '../../../src/receive/checks/known-host.js'
import { contextOf, subjectOf, trackbackOf } from './subject.js'

const says = (name: string, score: number, reason = 'a note'): Check => ({
  name,
  judge: () => ({ score, reason }),
})
const abstains: Check = { name: 'abstains', judge: () => null }
const hangs = (timeout?: number): Check => ({ name: 'hangs', timeout, judge: () => new Promise(() => {}) })

async function run(checks: readonly Check[], context = contextOf()) {
  const errors: Error[] = []
  const summary = await runChecks(checks, subjectOf(), context, (error) => errors.push(error as Error))
  return { ...summary, errors }
}

describe('runChecks', () => {
  it('PEERS 24: averages the scores of those that do not abstain', async () => {
    const { results, score, errors } = await run([says('a', 4), abstains, says('b', -1)])
    expect(score).toBe(1.5)
    expect(results).toEqual([
      { check: 'a', score: 4, reason: 'a note' },
      { check: 'abstains', score: null, reason: { code: 'no-result' } },
      { check: 'b', score: -1, reason: 'a note' },
    ])
    expect(errors).toEqual([])
  })

  it('has no score where all abstain, and none without checks', async () => {
    expect((await run([abstains, abstains])).score).toBe(null)
    expect(await run([])).toMatchObject({ results: [], score: null })
  })

  it('takes a score of 0 for a score', async () => {
    expect((await run([says('zero', 0), abstains])).score).toBe(0)
  })

  it.each([
    [99, 10],
    [-99, -10],
    [Number.POSITIVE_INFINITY, 10],
    [Number.NEGATIVE_INFINITY, -10],
  ])('cuts a score of %d to %d', async (given, score) => {
    expect((await run([says('wild', given)])).results[0]).toMatchObject({ score })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
    [
      'throws no error',
      () => {
        throw 'boom'
      },
    ],
    ['scores NaN', () => ({ score: Number.NaN, reason: '' })],
    ['scores in text', () => ({ score: '7', reason: '' })],
    ['scores nothing', () => ({ reason: 'no score' })],
    ['says no verdict', () => true],
  ])('reports and skips a check that %s', async (_, judge) => {
    const broken = { name: 'broken', judge } as unknown as Check
    const { results, score, errors } = await run([broken, says('sound', 3)])
    expect(results[0]).toEqual({ check: 'broken', score: null, reason: { code: 'check-failed' } })
    expect(score).toBe(3)
    expect(errors.map(({ message }) => message)).toEqual(["the check 'broken' failed"])
    expect(errors[0]?.cause).toBeDefined()
  })

  it('leaves no timer behind a check that throws at once, whose end nobody would wait for', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const judge = (): never => {
      throw new Error('boom')
    }
    const controller = new AbortController()
    await run([{ name: 'throws', timeout: 20, judge }], contextOf({ signal: controller.signal }))
    await new Promise((resolve) => setTimeout(resolve, 60))
    controller.abort(new Error('closing'))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })

  it('keeps what an error says from the log of the trackback', async () => {
    const secret = new TrackbackError('NETWORK', 'KEY.rest.example did not answer')
    const { results, errors } = await run([{ name: 'asks', judge: () => Promise.reject(secret) }])
    expect(results).toEqual([
      { check: 'asks', score: null, reason: { code: 'check-failed', error: 'NETWORK' } },
    ])
    expect(errors[0]?.cause).toBe(secret)
  })

  it('skips a check that takes longer than it may, and asks the others meanwhile', async () => {
    const started = performance.now()
    const timeout = { code: 'check-failed', error: 'TIMEOUT' }
    const { results, score } = await run([hangs(50), hangs(60), says('prompt', 5)])
    expect(performance.now() - started).toBeLessThan(5000)
    expect(results.map(({ reason }) => reason)).toEqual([timeout, timeout, 'a note'])
    expect(score).toBe(5)
  })

  it.each([0, -1, Number.NaN, 0.5])(
    'takes a timeout of %d for a failure, never for none',
    async (timeout) => {
      expect((await run([hangs(timeout)])).results).toEqual([
        { check: 'hangs', score: null, reason: { code: 'check-failed' } },
      ])
    },
  )

  it('ends with the reason of an abort, before and meanwhile, and reports nothing', async () => {
    const reason = new Error('closing')
    await expect(run([abstains], contextOf({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
    const controller = new AbortController()
    const running = run([hangs(), says('prompt', 1)], contextOf({ signal: controller.signal }))
    setTimeout(() => controller.abort(reason), 20)
    await expect(running).rejects.toBe(reason)
  })

  it('ends where the client was closed, so that nothing is judged without a check', async () => {
    const closed = new TrackbackError('CLOSED', 'the client was closed')
    const asks: Check = { name: 'asks', judge: () => Promise.reject(closed) }
    await expect(run([says('a', 4), asks])).rejects.toBe(closed)
  })

  it('leaves no listener on a signal that lives on', async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners += 1
      add(...given)
    }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners -= 1
      remove(...given)
    }
    await run([says('a', 1), hangs(20), abstains], contextOf({ signal }))
    expect(listeners).toBe(0)
  })

  it('holds no process open while it waits', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const controller = new AbortController()
    const before = timers()
    const running = run([hangs(), hangs()], contextOf({ signal: controller.signal }))
    expect(timers()).toBe(before)
    controller.abort(new Error('closing'))
    await expect(running).rejects.toThrow('closing')
  })

  it('cleans and cuts the words of a check', async () => {
    const words = `\u001b[31m\u202e${'長'.repeat(1000)}\n`
    const { results } = await run([says('hostile', 1, words)])
    expect(results[0]?.reason).toBe(`[31m${'長'.repeat(195)}…`)
  })

  it('THREATS R8: any verdicts give scores within bounds and an average within them', async () => {
    const verdict = fc.oneof(
      fc.constant(null),
      fc.record({ score: fc.double(), reason: fc.string() }),
    ) as fc.Arbitrary<CheckVerdict | null>
    await fc.assert(
      fc.asyncProperty(fc.array(verdict, { maxLength: 8 }), async (verdicts) => {
        const { results, score } = await run(verdicts.map((said, n) => ({ name: `${n}`, judge: () => said })))
        const scores = results.flatMap((result) => result.score ?? [])
        expect(scores.every((each) => each >= -10 && each <= 10)).toBe(true)
        expect(score === null).toBe(scores.length === 0)
        if (score === null) return
        expect(score).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-9)
        expect(score).toBeLessThanOrEqual(Math.max(...scores) + 1e-9)
      }),
    )
  })
})

describe('defaultChecks', () => {
  const names = (checks: readonly Check[]) => checks.map(({ name }) => name)
  const local = ['link', 'claim', 'top-page', 'urls', 'blocked', 'repeated-text', 'known-host']

  it('tells nobody anything unless asked to', () => {
    expect(names(defaultChecks())).toEqual(local)
    const akismet = { key: 'k', blog: 'https://my.example/' }
    expect(names(defaultChecks({ akismet, dnsLists: { hostZones: ['uribl.example'] } }))).toEqual([
      ...local,
      'dns-list',
      'akismet',
    ])
  })

  it('passes the options on', () => {
    expect(() => defaultChecks({ urls: { few: 0 } })).toThrow(TypeError)
    expect(() => defaultChecks({ repeated: { days: 0 } })).toThrow(TypeError)
    expect(() => defaultChecks({ known: { days: 0 } })).toThrow(TypeError)
    expect(() => defaultChecks({ blocked: { hosts: ['a b'] } })).toThrow(TypeError)
    expect(() => defaultChecks({ dnsLists: { timeout: 0 } })).toThrow(TypeError)
    expect(() => defaultChecks({ akismet: { key: '', blog: 'https://my.example/' } })).toThrow(TypeError)
  })

  const good = {
    url: 'https://blog.example/2010/01/entry.html',
    title: 'JALの対応を評価する',
    receivedAt: Date.now() - 30 * 86_400_000,
  }
  const page = { title: 'JALの対応を評価する - ある日記' }

  async function judgeBy(checks: readonly Check[], changes = {}, context = contextOf()) {
    const subject = subjectOf({ ...good, ...changes }, page)
    return runChecks(checks, subject, context, (error) => {
      throw error
    })
  }

  it('let an ordinary trackback pass', async () => {
    expect((await judgeBy(defaultChecks())).score).toBe(2)
  })

  it('let one -10 outweigh all that speaks for a trackback together', async () => {
    const context = contextOf()
    await rememberHost(context.store, trackbackOf({ ...good, verification: linkedFact }))
    const ham = says('akismet', 2)
    const favours = await judgeBy([...defaultChecks(), ham], {}, context)
    expect(favours.results.filter(({ score }) => score !== null).map(({ score }) => score)).toEqual([
      2, 2, 3, 2,
    ])
    const checks = [...defaultChecks({ blocked: { words: ['casino'] } }), ham]
    expect((await judgeBy(checks, { excerpt: 'Casino!' }, context)).score).toBeLessThan(0)
  })

  const corpus = process.env['TRACKBACK_CORPUS']
  it.skipIf(!corpus)(
    'hold a real spam ping though its page may link here (needs TRACKBACK_CORPUS)',
    async () => {
      const { items } = parsePingList(readFileSync(join(corpus ?? '', 'open', 'l01-mt-static-tb21.xml')))
      expect(items).toHaveLength(1)
      const subject = subjectOf(items[0], { title: items[0]?.title ?? '' })
      const { score } = await runChecks(defaultChecks(), subject, contextOf(), () => {})
      expect(score).toBeLessThan(0)
    },
  )

  it.each([
    [
      'three URLs',
      { excerpt: 'x http://a.example http://b.example http://c.example and a good deal more to read here' },
    ],
    ['a top page', { url: 'https://blog.example/' }],
    ['an excerpt that is a URL', { excerpt: 'http://casino.example/buy/now' }],
  ])('hold what speaks against a trackback of a host that is not known: %s', async (_, changes) => {
    expect((await judgeBy(defaultChecks(), changes)).score).toBeLessThan(0)
  })
})

const linkedFact = { outcome: 'linked', reason: { code: 'linked' } as const, checkedAt: 1, attempts: 1 }
