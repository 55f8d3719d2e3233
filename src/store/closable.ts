import { TrackbackError } from '../base/errors.js'
import { checkId } from '../base/options.js'
import { checkFilter } from './page.js'
import type { Store } from './store.js'

/** What is looked at of a call before it is made: a mistake would mean something else, or nothing. */
const checks: Readonly<Record<string, (first: never) => void>> = {
  ...{ list: checkFilter, count: checkFilter, counts: checkFilter },
  ...{ get: checkId, find: checkId, update: checkId, remove: checkId },
}

/** A store whose methods reject with `CLOSED` once it is closed, and with a `TypeError` for a mistaken filter or id. */
export function closable(store: Store): Store {
  let isClosed = false

  function whileOpen<T extends object>(part: T, checked: typeof checks = {}): T {
    const members = Object.entries(part).map(([name, member]) => {
      if (typeof member !== 'function') return [name, whileOpen(member)]
      const call = (...given: never[]): Promise<unknown> => {
        try {
          if (isClosed) throw new TrackbackError('CLOSED', 'the store was closed')
          checked[name]?.(given[0] as never)
          return member(...given)
        } catch (error) {
          return Promise.reject(error)
        }
      }
      return [name, call]
    })
    return Object.fromEntries(members) as T
  }

  return {
    ...whileOpen(store, checks),
    close() {
      isClosed = true
      return store.close()
    },
  }
}
