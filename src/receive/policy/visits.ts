import type { Visits } from '../options/context.js'

/** Counts the looks that are at a host, `most` at once. */
export function createVisits(most: number): Visits {
  const counts = new Map<string, number>()
  return {
    enter(host, own) {
      if (own.has(host)) return true
      const count = counts.get(host) ?? 0
      if (count >= most) return false
      counts.set(host, count + 1)
      own.add(host)
      return true
    },
    leave(own) {
      for (const host of own) {
        const count = (counts.get(host) ?? 1) - 1
        if (count > 0) counts.set(host, count)
        else counts.delete(host)
      }
    },
  }
}
