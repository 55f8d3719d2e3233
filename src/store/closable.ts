import { TrackbackError } from '../base/errors.js'
import type { Store } from './store.js'

/** A store whose methods reject with `CLOSED` once it is closed. */
export function closable(store: Store): Store {
  let isClosed = false

  function whileOpen<T extends object>(part: T): T {
    const members = Object.entries(part).map(([name, member]) => {
      if (typeof member !== 'function') return [name, member]
      const call = (...given: unknown[]): unknown =>
        isClosed ? Promise.reject(new TrackbackError('CLOSED', 'the store was closed')) : member(...given)
      return [name, call]
    })
    return Object.fromEntries(members) as T
  }

  return {
    ...whileOpen(store),
    jobs: whileOpen(store.jobs),
    records: whileOpen(store.records),
    close() {
      isClosed = true
      return store.close()
    },
  }
}
