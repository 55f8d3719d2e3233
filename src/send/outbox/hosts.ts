import { createJsonRecords } from '../../store/records.js'
import type { RecordStore } from '../../store/store.js'

interface HostState {
  /** Failures since the last answer. */
  readonly failures: number
  /** Nothing is asked of the host before this. */
  readonly restUntil: number
  /** When the host was last asked. */
  readonly lastAt: number
  /** The next free time slot. */
  readonly freeAt: number
}

const failuresBeforeRest = 3
const shortestRest = 60_000
const longestRest = 6 * 3_600_000
const lifetime = 7 * 24 * 3_600_000
const untouched: HostState = { failures: 0, restUntil: 0, lastAt: 0, freeAt: 0 }

/** The hosts that deliveries ask, for every process on one store. */
export type Hosts = ReturnType<typeof createHosts>

/** Keeps what is known of hosts in a store; between two requests to one are `spacing` milliseconds. */
export function createHosts(records: RecordStore, spacing: number) {
  const states = createJsonRecords<HostState>(records, 'delivery-host')

  async function change(host: string, now: number, decide: (state: HostState) => HostState | null) {
    // What was written by a clock ahead says nothing: the host would wait until that time comes.
    const known = (kept: HostState | null): HostState =>
      kept && kept.lastAt <= now + shortestRest && kept.restUntil <= now + longestRest ? kept : untouched
    await states.change(host, (kept) => decide(known(kept)), now + lifetime)
  }

  return {
    /**
     * Gives the next turn at a host, `spacing` after the one before: `at` its time, at once where that is not later than now;
     * `isResting` where it has to wait because the host does not answer; `hasFailed` where its last answer did not come. Who
     * `hasTurn` goes before those in line, unless the host rests or was asked just now.
     */
    async takeTurn(host: string, hasTurn: boolean, now: number) {
      let turn = { at: now, isResting: false, hasFailed: false }
      await change(host, now, (state) => {
        const isResting = state.restUntil > now
        // Turns are a little early or late; only what comes too close to the one before goes back in line.
        const isFree = hasTurn ? now - state.lastAt >= spacing / 2 : state.freeAt <= now
        const isNow = isFree && !isResting
        const at = isNow ? now : Math.max(state.restUntil, state.freeAt)
        turn = { at, isResting, hasFailed: state.failures > 0 }
        const freeAt = Math.max(state.freeAt, turn.at + spacing)
        return { ...state, lastAt: isNow ? now : state.lastAt, freeAt }
      })
      return turn
    },
    /**
     * Records whether a host did what it was asked for. One that failed three times in a row rests for 1, 2, 4, … minutes,
     * 6 hours at the most, with one request in between to see whether it is back.
     */
    async tell(host: string, isWell: boolean, now: number): Promise<void> {
      await change(host, now, (state) => {
        if (isWell && state.failures === 0) return null
        const failures = isWell ? 0 : state.failures + 1
        const doublings = failures - failuresBeforeRest
        const rest = Math.min(longestRest, shortestRest * 2 ** doublings)
        return { ...state, failures, restUntil: doublings < 0 ? 0 : now + rest }
      })
    },
  }
}
