import { pageLimit, rowId, toPage } from '../page.js'
import type { Claim, ClaimRequest, Job, JobStore } from '../store.js'

type Entry = { -readonly [name in keyof Job]: Job[name] } & { lost: number }

/** The job list of the memory store. */
export function createMemoryJobs(): JobStore {
  /** What is not buried, in the order of `runAt`; while a job runs, that is the end of its lease. */
  const queue: Entry[] = []
  const byKey = new Map<string, Entry>()
  /** What is claimed, or was until its lease ran out, by id. */
  const running = new Map<string, Entry>()
  const buried = new Map<string, Entry>()
  let lastId = 0

  /** Puts a job in its place: looked for from the end, where most belong. */
  function enqueue(entry: Entry): void {
    byKey.set(entry.key, entry)
    let place = queue.length
    while (place > 0 && (queue[place - 1] as Entry).runAt > entry.runAt) place -= 1
    // To push is faster.
    if (place === queue.length) queue.push(entry)
    else queue.splice(place, 0, entry)
  }

  /** Takes out a job: looked for from the end, where those that run are. */
  function dequeue(entry: Entry, place: number = queue.lastIndexOf(entry)): void {
    byKey.delete(entry.key)
    queue.splice(place, 1)
  }

  /** Takes out a job whose last claim this is. */
  function take({ id, attempts }: Claim): Entry | undefined {
    const entry = running.get(id)
    if (entry?.attempts !== attempts) return undefined
    running.delete(id)
    dequeue(entry)
    return entry
  }

  function claimable({ kind, now, limit, perGroup }: ClaimRequest): Entry[] {
    const under = [...running.values()].filter((entry) => entry.kind === kind && entry.runAt > now)
    const groups = under.map(({ group }) => group)
    const claimed: Entry[] = []
    for (const entry of queue) {
      if (entry.runAt > now || claimed.length === limit) break
      const { group } = entry
      if (entry.kind !== kind || groups.filter((each) => each === group).length >= perGroup) continue
      groups.push(group)
      claimed.push(entry)
    }
    return claimed
  }

  return {
    async add(job) {
      const busy = byKey.get(job.key)
      if (!busy) {
        lastId += 1
        const { kind, key, group, payload, runAt } = job
        const id = String(lastId)
        enqueue({ id, kind, key, group, payload, runAt, attempts: 0, lost: 0, error: null })
      } else if (running.has(busy.id)) {
        // The claim under way is an old one then, and its end ends nothing.
        Object.assign(busy, { payload: job.payload, attempts: busy.attempts + 1 })
      }
    },
    async claim(request) {
      return claimable(request).map((entry) => {
        dequeue(entry, queue.indexOf(entry))
        if (running.has(entry.id)) entry.lost += 1
        running.set(entry.id, entry)
        enqueue(Object.assign(entry, { runAt: request.now + request.lease, attempts: entry.attempts + 1 }))
        return { ...entry }
      })
    },
    async finish(job) {
      take(job)
    },
    async postpone(job, runAt, error) {
      const entry = take(job)
      if (entry) enqueue(Object.assign(entry, { runAt, error, lost: 0 }))
    },
    async bury(job, error) {
      const entry = take(job)
      if (entry) buried.set(entry.id, Object.assign(entry, { error }))
    },
    async hasten(kind, latest, runAt) {
      for (const entry of queue) if (entry.kind === kind && entry.runAt > latest) entry.runAt = runAt
      queue.sort((a, b) => a.runAt - b.runAt)
    },
    async buried(kind, page) {
      const limit = pageLimit(page)
      const after = rowId(String(page?.after))
      const items = [...buried.values()].filter((entry) => entry.kind === kind && Number(entry.id) > after)
      items.sort((a, b) => Number(a.id) - Number(b.id))
      return toPage(items, limit, ({ id }) => id)
    },
    async revive(id, runAt) {
      const entry = buried.get(id)
      if (!entry || byKey.has(entry.key)) return false
      buried.delete(id)
      enqueue(Object.assign(entry, { runAt, attempts: 0, lost: 0 }))
      return true
    },
  }
}
