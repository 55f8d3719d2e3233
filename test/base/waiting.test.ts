import { describe, expect, it } from 'vitest'
import { createTeller, endInTime, inTime, isThenable, limited, once } from '../../src/base/waiting.js'
import { lazily } from '../support/lazily.js'

describe('isThenable', () => {
  it('holds for promises and for whatever has a then, and for nothing else', () => {
    const thenables: unknown[] = [
      Promise.resolve(1),
      lazily(() => 1),
      Object.assign(
        () => {},
        lazily(() => 1),
      ),
    ]
    for (const value of thenables) {
      expect(isThenable(value)).toBe(true)
    }
    for (const value of [null, undefined, 0, '', 'then', {}, []]) {
      expect(isThenable(value)).toBe(false)
    }
  })
})

describe('inTime', () => {
  it('gives what comes in time, and rejects with TIMEOUT where nothing does', async () => {
    expect(
      await inTime(
        lazily(() => 7),
        1000,
        'it',
      ),
    ).toBe(7)
    await expect(inTime(Promise.reject(new Error('no')), 1000, 'it')).rejects.toThrow('no')
    const late = inTime(new Promise(() => {}), 5, 'it')
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT', message: 'it took more than 5 ms' })
  })

  it('rejects with the reason of a signal, also of one that was aborted before', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const waiting = inTime(new Promise(() => {}), 60_000, 'it', { signal })
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(inTime(new Promise(() => {}), 60_000, 'it', { signal })).rejects.toThrow('enough')
  })

  it('rejects where then itself throws', async () => {
    const broken = {
      // biome-ignore lint/suspicious/noThenProperty: it is what this is about
      then() {
        throw new Error('broken')
      },
    } as unknown as PromiseLike<never>
    await expect(inTime(broken, 1000, 'it')).rejects.toThrow('broken')
  })
})

describe('limited', () => {
  it('gives at once what is there at once', () => {
    expect(limited((a: number) => a + 1, 5, 'it')(1)).toBe(2)
  })
})

describe('endInTime', () => {
  it('resolves when the work has ended, never ends or fails, and tells of the last two', async () => {
    const errors: unknown[] = []
    const works: (() => Promise<unknown>)[] = [
      async () => {},
      () => new Promise(() => {}),
      () => Promise.reject('no'),
    ]
    for (const work of works) await endInTime(work(), 5, (error) => errors.push(error))
    expect(errors).toEqual([expect.objectContaining({ code: 'TIMEOUT' }), 'no'])
  })
})

describe('createTeller', () => {
  it('waits for the listeners that run, and for what they begin', async () => {
    const errors: unknown[] = []
    const teller = createTeller(20, (error) => errors.push(error))
    const ended: string[] = []
    teller.tell(() => lazily(() => ended.push('lazy')), 1)
    teller.tell(async () => Promise.reject('late'), 1)
    teller.tell(() => {
      throw 'at once'
    }, 1)
    teller.tell(() => new Promise(() => {}), 1)
    teller.tell(undefined, 1)
    await teller.settled()
    expect(ended).toEqual(['lazy'])
    expect(errors).toEqual(['at once', 'late', expect.objectContaining({ code: 'TIMEOUT' })])
  })
})

describe('once', () => {
  it('does it once for all who ask, and again only after a failure', async () => {
    let calls = 0
    const made = once(async () => {
      calls += 1
      if (calls === 1) throw new Error('not yet')
      return calls
    })
    const first = [made(), made()]
    expect((await Promise.allSettled(first)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await Promise.all([made(), made()])).toEqual([2, 2])
    expect(await made()).toBe(2)
  })
})
