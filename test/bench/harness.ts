import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { positiveInteger } from '../../src/base/limits.js'

/** One side of a comparison: `round` does the work once and gives back how many operations a second it did. */
export interface Contender {
  readonly name: string
  round(): Promise<number> | number
}

/** The median rate of each contender by name, and its ratio to the first one. */
export interface Outcome {
  readonly name: string
  readonly rate: number
  readonly ratio: number
}

let usualRounds: number | undefined

/** Has every comparison take so many rounds, however many it would take by itself. */
export function setRounds(rounds: string): void {
  usualRounds = positiveInteger(Number(rounds), 1, 'rounds')
}

/**
 * Runs the contenders in turn, round after round, in this one process, so that whatever else the machine does
 * falls on all of them alike; prints the medians and each one's ratio to the first (the yardstick).
 */
export async function inTurn(
  title: string,
  contenders: readonly [Contender, ...Contender[]],
  ownRounds = 7,
): Promise<Outcome[]> {
  const rounds = usualRounds ?? ownRounds
  const rates = contenders.map((): number[] => [])
  for (const contender of contenders) await contender.round()
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) rates[index]?.push(await contender.round())
  }
  const medians = rates.map(median)
  const yardstick = medians[0] ?? 1
  const outcomes = contenders.map(({ name }, index) => {
    const rate = medians[index] ?? 0
    return { name, rate, ratio: rate / yardstick }
  })
  print(title, outcomes, rounds)
  return outcomes
}

/** Operations a second of a synchronous function, called over and over for about `milliseconds`. */
export function rateOf(operation: () => unknown, milliseconds = 300): number {
  const start = performance.now()
  let done = 0
  let elapsed = 0
  while (elapsed < milliseconds) {
    operation()
    done += 1
    elapsed = performance.now() - start
  }
  return (done * 1000) / elapsed
}

setFlagsFromString('--expose-gc')
/** So that no sample pays for what the one before it left. */
export const collectGarbage = runInNewContext('gc') as () => void

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function print(title: string, outcomes: readonly Outcome[], rounds: number): void {
  const width = Math.max(...outcomes.map(({ name }) => name.length))
  console.log(`\n${title} (median of ${rounds} rounds, in turn)`)
  for (const { name, rate, ratio } of outcomes) {
    console.log(
      `  ${name.padEnd(width)}  ${format(rate).padStart(12)}/s  ${ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2)} x`,
    )
  }
}

function format(rate: number): string {
  return rate >= 100 ? Math.round(rate).toLocaleString('en') : rate.toFixed(2)
}

/** The ratio of the contender at a place to the first one. */
export function ratioOf(outcomes: readonly Outcome[], index: number): number {
  return outcomes[index]?.ratio ?? Number.NaN
}
