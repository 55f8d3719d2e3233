import { pageLimit, rowId, toPage } from '../page.js'
import type { Claim, ClaimRequest, Job, JobStore } from '../store.js'

type Entry = { -readonly [name in keyof Job]: Job[name] } & { lost: number }

/** The jobs that are not buried. */
class JobList {
  /** In the order of `runAt`; while a job runs, that is the end of its lease. */
  readonly queue: Entry[] = []
  readonly byKey = new Map<string, Entry>()
  /** What is claimed, or was until its lease ran out, by id. */
  readonly running = new Map<string, Entry>()

  /** Puts a job in its place: looked for from the end, where most belong. */
  put(entry: Entry): void {
    const { queue } = this
    this.byKey.set(entry.key, entry)
    let place = queue.length
    while (place > 0 && (queue[place - 1] as Entry).runAt > entry.runAt) place -= 1
    // To push is faster.
    if (place === queue.length) queue.push(entry)
    else queue.splice(place, 0, entry)
  }

  /** Takes out a job whose last claim this is: looked for from the end, where those that run are. */
  take({ id, attempts }: Claim): Entry | undefined {
    const entry = this.running.get(id)
    if (entry?.attempts !== attempts) return undefined
    this.running.delete(id)
    this.byKey.delete(entry.key)
    this.queue.splice(this.queue.lastIndexOf(entry), 1)
    return entry
  }

  /** Takes what is due under a lease. */
  claim({ kind, now, lease, limit, perGroup }: ClaimRequest): Entry[] {
    const under = [...this.running.values()].filter((entry) => entry.kind === kind && entry.runAt > now)
    const groups = under.map(({ group }) => group)
    const claimed: Entry[] = []
    for (const entry of this.queue) {
      if (entry.runAt > now || claimed.length === limit) break
      const { group } = entry
      if (entry.kind !== kind || groups.filter((each) => each === group).length >= perGroup) continue
      groups.push(group)
      claimed.push(entry)
    }
    for (const entry of claimed) {
      this.queue.splice(this.queue.indexOf(entry), 1)
      if (this.running.has(entry.id)) entry.lost += 1
      this.running.set(entry.id, entry)
      this.put(Object.assign(entry, { runAt: now + lease, attempts: entry.attempts + 1 }))
    }
    return claimed
  }
}

/** The job list of the memory store. */
export function createMemoryJobs(): JobStore {
  const list = new JobList()
  const buried = new Map<string, Entry>()
  let lastId = 0

  return {
    async add(job) {
      const busy = list.byKey.get(job.key)
      if (!busy) {
        lastId += 1
        const { kind, key, group, payload, runAt } = job
        const id = String(lastId)
        list.put({ id, kind, key, group, payload, runAt, attempts: 0, lost: 0, error: null })
      } else if (list.running.has(busy.id)) {
        // The claim under way is an old one then, and its end ends nothing.
        Object.assign(busy, { payload: job.payload, attempts: busy.attempts + 1 })
      }
    },
    claim: async (request) => list.claim(request).map((entry) => ({ ...entry })),
    finish: async (job) => void list.take(job),
    async postpone(job, runAt, error) {
      const entry = list.take(job)
      if (entry) list.put(Object.assign(entry, { runAt, error, lost: 0 }))
    },
    async bury(job, error) {
      const entry = list.take(job)
      if (entry) buried.set(entry.id, Object.assign(entry, { error }))
    },
    async hasten(kind, latest, runAt) {
      for (const entry of list.queue) if (entry.kind === kind && entry.runAt > latest) entry.runAt = runAt
      list.queue.sort((a, b) => a.runAt - b.runAt)
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
      if (!entry || list.byKey.has(entry.key)) return false
      buried.delete(id)
      list.put(Object.assign(entry, { runAt, attempts: 0, lost: 0 }))
      return true
    },
  }
}
