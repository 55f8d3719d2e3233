import { mutate } from './mutate.js'
import { Random } from './random.js'

/** One thing that is fed inputs. */
export interface Target {
  readonly name: string
  /** Inputs to begin with; text counts as UTF-8. */
  readonly seeds: readonly (string | Uint8Array)[]
  /** Pieces that the grammar of its inputs is made of. */
  readonly words: readonly (string | Uint8Array)[]
  /** Throws where the result is not what it must be. */
  check(input: Uint8Array): void
}

/** An input that broke a rule, as small as it could be made. */
export interface Finding {
  readonly input: Uint8Array
  readonly error: unknown
}

export interface Outcome {
  readonly runs: number
  /** Inputs that took the code where no other had been. */
  readonly kept: number
  readonly findings: readonly Finding[]
  /** The longest time that an input took over and over, as a share of what it may take. */
  readonly slowest: number
}

export interface FuzzOptions {
  readonly seed: number
  /** Ends after so many inputs … */
  readonly runs?: number
  /** … or after so many milliseconds. */
  readonly milliseconds?: number
  /** Counts how often each place of the code was reached; inputs that reach new ones are built upon. */
  readonly counters?: Uint16Array | undefined
  /** By how much more time an input may take, on a machine that may be doing anything else. @default 1 */
  readonly patience?: number
  /** Further inputs to begin with. */
  readonly seeds?: readonly Uint8Array[]
}

const MOST_FINDINGS = 5
const MOST_TRIES = 2000
const LONGEST_MINIMISING = 10_000
// Generous for a machine that does other things too: linear code takes a hundredth of it.
const allowedTime = (input: Uint8Array, patience: number): number => patience * (50 + input.length / 512)

/** Feeds a target inputs: its seeds, then mutations of them and of whatever reached something new. */
export function fuzz(target: Target, options: FuzzOptions): Outcome {
  const { runs = Number.POSITIVE_INFINITY, milliseconds = Number.POSITIVE_INFINITY, counters } = options
  const { patience = 1 } = options
  const random = new Random(options.seed)
  const seeds = [...target.seeds.map(bytesOf), ...(options.seeds ?? [])]
  const pool = [...seeds]
  const words = target.words.map(bytesOf)
  const novelty = new Novelty(counters)
  const findings: Finding[] = []
  const end = performance.now() + milliseconds
  let done = 0
  let slowest = 0
  for (; done < runs && findings.length < MOST_FINDINGS && performance.now() < end; done += 1) {
    const input = seeds[done] ?? mutate({ pool, words }, random)
    counters?.fill(0)
    const { error, share } = attempt(target, input, patience)
    slowest = Math.max(slowest, share)
    if (error !== undefined) addFinding(findings, target, input, error, patience)
    else if (novelty.isNew()) pool.push(input)
  }
  return { runs: done, kept: pool.length - seeds.length, findings, slowest }
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value) : value
}

/** What the target throws, or that it takes too long every time; and the time as a share of what is allowed. */
function attempt(target: Target, input: Uint8Array, patience: number): { error?: unknown; share: number } {
  let share = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 4 && share > 0.5; tries += 1) {
    const start = performance.now()
    try {
      target.check(input)
    } catch (error) {
      return { error, share: 0 }
    }
    share = Math.min(share, (performance.now() - start) / allowedTime(input, patience))
  }
  return share > 1
    ? { error: new Error(`takes ${share.toFixed(1)} times as long as it may`), share }
    : { share }
}

function addFinding(
  findings: Finding[],
  target: Target,
  input: Uint8Array,
  error: unknown,
  patience: number,
): void {
  const again = (candidate: Uint8Array): unknown => attempt(target, candidate, patience).error
  const small = minimise(input, (candidate) => again(candidate) !== undefined)
  const known = (one: Finding): boolean => Buffer.compare(one.input, small) === 0
  if (!findings.some(known)) findings.push({ input: small, error: again(small) ?? error })
}

/** Leaves out whatever may be left out, halves first, as far as tries and time go. */
function minimise(input: Uint8Array, fails: (candidate: Uint8Array) => boolean): Uint8Array {
  let smallest = input
  let tries = 0
  const end = performance.now() + LONGEST_MINIMISING
  for (let size = Math.ceil(input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && tries < MOST_TRIES && performance.now() < end; tries += 1) {
      const candidate = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)])
      if (fails(candidate)) smallest = candidate
      else at += size
    }
  }
  return smallest
}

/** Remembers which places of the code were reached, and about how often in one run. */
class Novelty {
  readonly #counters: Uint16Array
  readonly #seen: Uint8Array

  constructor(counters: Uint16Array = new Uint16Array()) {
    this.#counters = counters
    this.#seen = new Uint8Array(counters.length)
  }

  isNew(): boolean {
    let found = false
    for (let place = 0; place < this.#counters.length; place += 1) {
      const count = this.#counters[place] ?? 0
      if (count === 0) continue
      const bucket = 1 << Math.min(7, 31 - Math.clz32(count))
      const seen = this.#seen[place] ?? 0
      if ((seen & bucket) !== 0) continue
      this.#seen[place] = seen | bucket
      found = true
    }
    return found
  }
}

/** A finding as one can read it, and repeat it where it is not long. */
export function describeFinding({ input, error }: Finding): string {
  const message = error instanceof Error ? error.message : String(error)
  return `${shortened(JSON.stringify(Buffer.from(input).toString('latin1')))} (latin1)\n${shortened(message)}`
}

function shortened(text: string): string {
  return text.length > 800 ? `${text.slice(0, 800)}… (${text.length} characters)` : text
}
