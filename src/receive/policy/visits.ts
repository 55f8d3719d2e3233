/** The requests of this process that are under way, by the host that they ask: `most` at once. */
export function createVisits(most: number) {
  const counts = new Map<string, number>()
  return {
    /**
     * Begins a request to a host, also to one that a redirect leads to, unless there are as many as may be at once. What one
     * look has begun stands in `own`: it waits for nobody but others.
     */
    enter(host: string, own: Set<string>): boolean {
      if (own.has(host)) return true
      const count = counts.get(host) ?? 0
      if (count >= most) return false
      counts.set(host, count + 1)
      own.add(host)
      return true
    },
    /** Ends what one look has begun. */
    leave(own: ReadonlySet<string>): void {
      for (const host of own) {
        const count = (counts.get(host) ?? 1) - 1
        if (count > 0) counts.set(host, count)
        else counts.delete(host)
      }
    },
  }
}
