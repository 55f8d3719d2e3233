import { pageLimit, rowId, toPage } from '../page.js'
import type { Claim, ClaimRequest, Job, JobStore, NewJob } from '../store.js'

interface Entry {
  readonly id: string
  job: NewJob
  runAt: number
  attempts: number
  lost: number
  error: string | null
}

/** The job list of the memory store: entries wait in the order of `runAt`; those that run stand aside with their lease. */
export function createMemoryJobs(): JobStore {
  const waiting: Entry[] = []
  const running = new Map<string, Entry>()
  const aside = new Map<string, Entry>()
  const keys = new Set<string>()
  let lastId = 0

  function wait(entry: Entry): void {
    insert(waiting, entry, ({ runAt }) => runAt > entry.runAt)
  }

  /** Takes out a job that is claimed, or was until its lease ran out. */
  function take({ id, attempts }: Claim): Entry | undefined {
    const entry = running.get(id) ?? waiting.find((each) => each.id === id)
    if (entry?.attempts !== attempts) return undefined
    if (entry && !running.delete(id)) waiting.splice(waiting.indexOf(entry), 1)
    return entry
  }

  /** Makes the claim under way an old one, so that its end ends nothing. */
  function runOnceMore(job: NewJob): void {
    const busy = [...running.values()].find((entry) => entry.job.key === job.key)
    if (busy) Object.assign(busy, { job, attempts: busy.attempts + 1 })
  }

  function giveBackExpired(now: number): void {
    for (const entry of [...running.values()]) {
      if (entry.runAt > now || !running.delete(entry.id)) continue
      entry.lost += 1
      wait(entry)
    }
  }

  function groupsRunning(kind: string): Map<string, number> {
    const groups = new Map<string, number>()
    for (const { job } of running.values()) {
      if (job.kind === kind) groups.set(job.group, (groups.get(job.group) ?? 0) + 1)
    }
    return groups
  }

  function claimable({ kind, now, limit, perGroup }: ClaimRequest): Entry[] {
    giveBackExpired(now)
    const groups = groupsRunning(kind)
    const claimed: Entry[] = []
    for (const entry of waiting) {
      if (entry.runAt > now || claimed.length === limit) break
      const busy = groups.get(entry.job.group) ?? 0
      if (entry.job.kind !== kind || busy >= perGroup) continue
      groups.set(entry.job.group, busy + 1)
      claimed.push(entry)
    }
    return claimed
  }

  return {
    async add(job) {
      if (keys.has(job.key)) return runOnceMore(job)
      keys.add(job.key)
      lastId += 1
      wait({ id: String(lastId), job, runAt: job.runAt, attempts: 0, lost: 0, error: null })
    },
    async claim(request) {
      return claimable(request).map((entry) => {
        waiting.splice(waiting.indexOf(entry), 1)
        running.set(entry.id, entry)
        entry.attempts += 1
        entry.runAt = request.now + request.lease
        return toJob(entry)
      })
    },
    async finish(job) {
      const entry = take(job)
      if (entry) keys.delete(entry.job.key)
    },
    async postpone(job, runAt, error) {
      const entry = take(job)
      if (entry) wait(Object.assign(entry, { runAt, error, lost: 0 }))
    },
    async bury(job, error) {
      const entry = take(job)
      if (!entry) return
      keys.delete(entry.job.key)
      aside.set(entry.id, Object.assign(entry, { error }))
    },
    async hasten(kind, latest, runAt) {
      const isLate = (entry: Entry): boolean => entry.job.kind === kind && entry.runAt > latest
      for (const entry of running.values()) if (isLate(entry)) entry.runAt = runAt
      for (const entry of waiting.filter(isLate)) {
        waiting.splice(waiting.indexOf(entry), 1)
        wait(Object.assign(entry, { runAt }))
      }
    },
    async buried(kind, page) {
      const limit = pageLimit(page)
      const after = rowId(String(page?.after))
      const items = [...aside.values()].filter((entry) => entry.job.kind === kind && Number(entry.id) > after)
      items.sort((a, b) => Number(a.id) - Number(b.id))
      return toPage(items.map(toJob), limit, ({ id }) => id)
    },
    async revive(id, runAt) {
      const entry = aside.get(id)
      if (!entry || keys.has(entry.job.key)) return false
      aside.delete(id)
      keys.add(entry.job.key)
      wait(Object.assign(entry, { runAt, attempts: 0, lost: 0 }))
      return true
    },
  }
}

function toJob({ id, job, runAt, attempts, lost, error }: Entry): Job {
  return { ...job, id, runAt, attempts, lost, error }
}

/** Puts an item in front of those that stand after it. */
export function insert<T>(items: T[], item: T, isAfter: (item: T) => boolean): void {
  const place = placeOf(items, isAfter)
  // Most of what comes belongs at the end, and to push it there is faster.
  if (place === items.length) items.push(item)
  else items.splice(place, 0, item)
}

/** The place of the first item that stands after what is sought. */
export function placeOf<T>(items: readonly T[], isAfter: (item: T) => boolean): number {
  const last = items.at(-1)
  if (last === undefined || !isAfter(last)) return items.length
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isAfter(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
