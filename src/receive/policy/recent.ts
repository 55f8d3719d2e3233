const period = 10_000

/** Something that is read from the store, and known for ten seconds. */
export type Recent<T> = ReturnType<typeof createRecent<T>>

/** Reads when it is asked for and ten seconds are over; of two reads under way the one that began later counts. */
export function createRecent<T>(read: () => Promise<T>, now: () => number) {
  let known: T | Promise<T> | undefined
  let readAt = Number.NEGATIVE_INFINITY

  /** Reads it anew, as it was changed. */
  function again(): Promise<T> {
    readAt = now()
    const reading = read()
    known = reading
    reading.then(
      (value) => {
        if (known === reading) known = value
      },
      () => {
        if (known === reading) readAt = Number.NEGATIVE_INFINITY
      },
    )
    return reading
  }

  return {
    again,
    /** A promise only while it is read: every ping asks. */
    get(): T | Promise<T> {
      const age = now() - readAt
      // A clock that was put back makes it negative: then it says nothing.
      return age >= 0 && age < period ? (known as T | Promise<T>) : again()
    },
  }
}
