const period = 10_000

/** Something that is read from the store, and known for ten seconds. */
export type Recent<T> = ReturnType<typeof createRecent<T>>

/** Reads when it is asked for and ten seconds are over; of two reads under way the one that began later counts. */
export function createRecent<T>(read: () => Promise<T>, now: () => number) {
  let known: Promise<T> | undefined
  let readAt = Number.NEGATIVE_INFINITY

  /** Reads it anew, as it was changed. */
  function again(): Promise<T> {
    readAt = now()
    const reading = read()
    reading.catch(() => {
      if (known === reading) known = undefined
    })
    known = reading
    return reading
  }

  return {
    again,
    get(): Promise<T> {
      const age = now() - readAt
      // A clock that was put back makes it negative: then it says nothing.
      return known && age >= 0 && age < period ? known : again()
    },
  }
}
