import { describe, expect, it } from 'vitest'
import { createHosts } from '../../../src/send/outbox/hosts.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'

const host = 'a.example'
const spacing = 1000
const start = Date.now()

function hostAt() {
  const hosts = createHosts(createMemoryStore().records, spacing)
  return {
    turn: (after: number, hasTurn = false) => hosts.takeTurn(host, hasTurn, start + after),
    tell: (after: number, isWell: boolean) => hosts.tell(host, isWell, start + after),
  }
}

describe('turns at a host', () => {
  it('are spaced, in the order in which they were asked for', async () => {
    const { turn } = hostAt()
    const turns = await Promise.all([turn(0), turn(0), turn(10), turn(20)])
    expect(turns.map(({ at }) => at - start)).toEqual([0, 1000, 2000, 3000])
  })

  it('are kept by who has one, also a little late', async () => {
    const { turn } = hostAt()
    await turn(0)
    await turn(0)
    expect((await turn(1005, true)).at - start).toBe(1005)
  })

  it('after a long pause, are spaced anew though all of them have come', async () => {
    const { turn } = hostAt()
    for (let index = 0; index < 5; index += 1) await turn(0)
    const late = 3_600_000
    const turns = await Promise.all(Array.from({ length: 5 }, () => turn(late, true)))
    expect(turns.map(({ at }) => at - start - late)).toEqual([0, 1000, 2000, 3000, 4000])
  })

  it('are of each host alone', async () => {
    const hosts = createHosts(createMemoryStore().records, spacing)
    await hosts.takeTurn(host, false, start)
    expect((await hosts.takeTurn('b.example', false, start)).at).toBe(start)
  })
})

describe('a clock that was ahead', () => {
  const [minute, hour, year] = [60_000, 3_600_000, 365 * 24 * 3_600_000]

  it.each([2 * minute, hour, 4 * year])('by %i ms when a host was asked makes nobody wait', async (ahead) => {
    const { turn } = hostAt()
    for (let index = 0; index < 5; index += 1) await turn(ahead)
    expect([(await turn(0, true)).at, (await turn(0)).at]).toEqual([start, start + spacing])
  })

  it.each([7 * hour, 4 * year])('by %i ms when a host failed makes nobody wait', async (ahead) => {
    const { turn, tell } = hostAt()
    await turn(0)
    for (let failure = 0; failure < 3; failure += 1) await tell(ahead, false)
    expect(await turn(1000)).toEqual({ at: start + 1000, isResting: false, hasFailed: false })
  })
})

describe('a host that fails', () => {
  it('is asked three times, then rests for 1, 2, 4, … minutes, 6 hours at the most', async () => {
    const { turn, tell } = hostAt()
    const rests: number[] = []
    let time = 0
    for (let failure = 0; failure < 14; failure += 1) {
      await tell(time, false)
      const { at, isResting } = await turn(time, true)
      rests.push(isResting ? Math.round((at - start - time) / 60_000) : 0)
      time = at - start + spacing
    }
    expect(rests).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360])
  })

  it('is back in line after one answer', async () => {
    const { turn, tell } = hostAt()
    for (let failure = 0; failure < 5; failure += 1) await tell(0, false)
    expect((await turn(0)).isResting).toBe(true)
    await tell(1, true)
    await tell(2, false)
    await tell(2, false)
    expect((await turn(3_600_000)).isResting).toBe(false)
  })

  it('is said to have failed with each turn until it answers', async () => {
    const { turn, tell } = hostAt()
    const failed = async (after: number) => (await turn(after)).hasFailed
    expect(await failed(0)).toBe(false)
    await tell(0, false)
    expect([await failed(2000), await failed(4000)]).toEqual([true, true])
    await tell(4000, true)
    expect(await failed(6000)).toBe(false)
  })
})
