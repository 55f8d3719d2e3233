import type { RecordStore } from '../../store/store.js'

/** Something that is counted, and how often it may be an hour. */
export interface Quota {
  /** What is counted, with its kind: `host blog.example`. */
  readonly key: string
  readonly limit: number
}

/** What counting needs. */
export interface FloodOptions {
  readonly records: RecordStore
  /** What is counted, apart from what others count in the same store. */
  readonly kind: string
  readonly now: () => number
  readonly maxCounters: number
  readonly onError: (error: unknown) => void
}

interface Counter {
  /** The slot that `counts[0]` is about; each entry after it is about the slot before. */
  slot: number
  /** The slot in which it was counted last. */
  usedIn: number
  counts: number[]
  /** What this process has counted in this slot and the others do not know yet. */
  unshared: number
  /** The slot in which the slots before it were read from the store. */
  learnt: number
}

const slotLength = 600_000
/** The slot that runs and the six whole ones before it: no hour is longer. */
const slots = 7
const sharePeriod = 1000
/** How many counters are exchanged at once, those first that count most: a flood of hosts must not keep the store busy. */
const mostShared = 200

/** Counts by the hour, shared through the store. */
export type Flood = ReturnType<typeof createFlood>

/**
 * Counts over the last sixty to seventy minutes, by ten-minute slots, so that no hour, whenever it begins, holds more
 * than a limit; a burst up to the limit is allowed. Memory is bounded: beyond `maxCounters` what was not counted
 * for the longest is forgotten. The processes of one store exchange their counts every second, of many those that count
 * most, so together they may pass a limit only by what was not exchanged yet.
 */
export function createFlood({ records, kind, now, maxCounters, onError }: FloodOptions) {
  /** What was first counted in a later slot comes later. */
  const counters = new Map<string, Counter>()
  /** Goes on where it was: to begin anew is to pass all that was deleted, as many as there are counters. */
  const oldestFirst = counters.keys()
  let timer: NodeJS.Timeout | undefined
  let sharing = Promise.resolve()

  /** How long one key must wait. Only a look: what is refused leaves nothing behind, and pushes nothing out. */
  function waitOf({ key, limit }: Quota, slot: number, time: number): number {
    const kept = counters.get(key)
    return kept ? waitFor(advance(kept, slot), limit, time) : 0
  }

  function counterOf(key: string, slot: number): Counter {
    const kept = counters.get(key)
    if (kept?.usedIn === slot) return advance(kept, slot)
    const counter = kept ?? { slot, usedIn: slot, counts: Array(slots).fill(0), unshared: 0, learnt: 0 }
    counter.usedIn = slot
    counters.delete(key)
    counters.set(key, counter)
    if (counters.size > maxCounters) counters.delete(oldestFirst.next().value as string)
    return advance(counter, slot)
  }

  /** What the others, or this process before it was started anew, have counted in the slots before. */
  async function learn(name: string, counter: Counter, slot: number): Promise<void> {
    for (let age = 1; age < slots; age += 1) {
      const kept = await records.get(kind, `${name} ${slot - age}`)
      if (counter.slot !== slot) return
      counter.counts[age] = Math.max(counter.counts[age] ?? 0, Number(kept?.value ?? 0))
    }
    counter.learnt = slot
  }

  /** Exchanges counts with the store, after the exchange before; resolves when that is done. */
  function share(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    sharing = sharing.then(exchange).catch(onError)
    return sharing
  }

  async function exchange(): Promise<void> {
    const slot = Math.floor(now() / slotLength)
    const unshared = [...counters].filter(([, { slot: own, unshared }]) => own === slot && unshared > 0)
    if (unshared.length === 0) return
    if (unshared.length > mostShared) unshared.sort(([, a], [, b]) => b.unshared - a.unshared)
    const shared = unshared
      .slice(0, mostShared)
      .map(([name, counter]) => ({ name, key: `${name} ${slot}`, amount: counter.unshared, counter }))
    for (const { counter } of shared) counter.unshared = 0
    try {
      const totals = await records.count(kind, shared, (slot + slots) * slotLength)
      for (const [index, { counter }] of shared.entries()) {
        if (counter.slot === slot) counter.counts[0] = (totals[index] ?? 0) + counter.unshared
      }
    } catch (error) {
      for (const { counter, amount } of shared) if (counter.slot === slot) counter.unshared += amount
      throw error
    }
    for (const { name, counter } of shared) if (counter.learnt !== slot) await learn(name, counter, slot)
  }

  return {
    /**
     * Increments all counters and returns 0; if one is at its limit, increments none and returns the wait in milliseconds.
     */
    take(quotas: readonly Quota[]): number {
      const time = now()
      const slot = Math.floor(time / slotLength)
      let wait = 0
      for (const quota of quotas) wait = Math.max(wait, waitOf(quota, slot, time))
      if (wait > 0) return wait
      for (const { key } of quotas) {
        const counter = counterOf(key, slot)
        counter.counts[0] = (counter.counts[0] ?? 0) + 1
        counter.unshared += 1
      }
      timer ??= setTimeout(share, sharePeriod).unref()
      return 0
    },
    /** Tells the other processes what was counted, of many what counts most, and stops doing so every second. */
    close: share,
  }
}

function advance(counter: Counter, slot: number): Counter {
  const steps = slot - counter.slot
  if (steps === 0) return counter
  const passed = Array<number>(Math.max(0, Math.min(steps, slots))).fill(0)
  counter.counts = [...passed, ...counter.counts].slice(0, slots)
  counter.slot = slot
  counter.unshared = 0
  return counter
}

/** How long until enough of what was counted is an hour old, in milliseconds; 0 where there is room now. */
function waitFor({ slot, counts }: Counter, limit: number, time: number): number {
  let counted = 0
  for (const count of counts) counted += count
  for (let age = slots - 1; counted >= limit && age >= 0; age -= 1) {
    counted -= counts[age] ?? 0
    if (counted < limit) return Math.max(1, (slot - age + slots) * slotLength - time)
  }
  return 0
}
