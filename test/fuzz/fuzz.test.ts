import { describe, expect, it } from 'vitest'
import { repeated } from '../support/strength.js'
import { bundle } from './bundle.js'
import { describeFinding, fuzz, type Target } from './fuzz.js'

const { targets } = (await import(await bundle('targets/index.ts'))) as typeof import('./targets/index.js')
const { reached: counters } = globalThis as { reached?: Uint16Array }

describe('THREATS R4, C1-C4: whatever strangers write', () => {
  it.each(targets.map((target) => [target.name, target] as const))(
    'is read by %s without a throw, in linear time, and means the same each way it is read',
    (_, target) => {
      const seed = 20_260_101
      const wanted = repeated(3000)
      const { runs, kept, findings } = fuzz(target, { seed, runs: wanted, patience: 20, counters })
      expect(findings.map(describeFinding), `seed ${seed}`).toEqual([])
      expect(runs).toBe(wanted)
      expect(kept, 'inputs that led somewhere new').toBeGreaterThan(10)
    },
    60_000,
  )
})

describe('fuzz', () => {
  const target = (check: Target['check']): Target => ({
    name: 'x',
    seeds: ['abc'],
    words: ['d', 'ef'],
    check,
  })

  it('finds an input that throws and makes it small', () => {
    const check = (input: Uint8Array): void => {
      if (Buffer.from(input).includes('fd')) throw new Error('no fd')
    }
    const { findings } = fuzz(target(check), { seed: 1, runs: 5000 })
    expect(findings.map(describeFinding)).toEqual(['"fd" (latin1)\nno fd'])
  })

  it('finds an input that takes too long every time', () => {
    const wait = (milliseconds: number): void => {
      const end = performance.now() + milliseconds
      while (performance.now() < end);
    }
    const { findings } = fuzz(
      target((input) => wait(input.length > 3 ? 60 : 0)),
      { seed: 1, runs: 3 },
    )
    expect(findings.map(({ error }) => String(error))[0]).toMatch(
      /^Error: takes 1\.\d times as long as it may$/,
    )
  })

  it('builds on inputs that reach something new', () => {
    const counters = new Uint16Array(4)
    const check = (input: Uint8Array): void => {
      const depth = ['d', 'ddef', 'ddefddef'].filter(
        (start) => Buffer.from(input).indexOf(start) === 0,
      ).length
      counters[depth] = 1
    }
    const { kept, findings } = fuzz(target(check), { seed: 1, runs: 20_000, counters })
    expect([kept, findings]).toEqual([4, []])
  })

  it('does the same again for the same seed', () => {
    const inputs = (seed: number): string[] => {
      const seen: string[] = []
      fuzz(
        target((input) => seen.push(Buffer.from(input).toString('latin1'))),
        { seed, runs: 200 },
      )
      return seen
    }
    expect(inputs(7)).toEqual(inputs(7))
    expect(inputs(7)).not.toEqual(inputs(8))
  })
})
