// A queue of one's own, in memory, written by the interface alone: the contract holds for adapters of strangers.
import { RetryLater } from 'trackbacks/testing'

/** Makes queues that share one list of jobs. */
export async function createQueues(count) {
  const list = []
  return { queues: Array.from({ length: count }, () => createQueue(list)), close: async () => {} }
}

function createQueue(list) {
  const closing = new AbortController()
  const timers = []
  const running = new Map()

  async function run(job, handler) {
    running.set(job, undefined)
    job.attempts += 1
    try {
      await handler({ ...job, last: false, signal: closing.signal })
      list.splice(list.indexOf(job), 1)
    } catch (error) {
      job.runAt = Date.now() + (error instanceof RetryLater ? error.delay : 1000)
    }
    job.isClaimed = false
    running.delete(job)
  }

  return {
    async enqueue(job) {
      if (!list.some(({ kind, key }) => kind === job.kind && key === job.key))
        list.push({ ...job, attempts: 0 })
    },
    listen(kind, handler, { concurrency = 4, perGroup = 2 } = {}) {
      const look = () => {
        for (const job of list) {
          const ofKind = [...running.keys()].filter((each) => each.kind === kind)
          const inGroup = ofKind.filter(({ group }) => group === job.group).length
          if (ofKind.length >= concurrency || inGroup >= perGroup) continue
          if (job.kind !== kind || job.isClaimed || job.runAt > Date.now()) continue
          job.isClaimed = true
          running.set(job)
          run(job, handler)
        }
      }
      timers.push(setInterval(look, 20))
    },
    async close() {
      closing.abort()
      timers.forEach(clearInterval)
      while (running.size > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    },
  }
}
