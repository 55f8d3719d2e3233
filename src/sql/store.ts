import { closable } from '../store/closable.js'
import type { Store } from '../store/store.js'
import { createJobs } from './jobs.js'
import { createRecords } from './records.js'
import type { Sql } from './sql.js'
import { createTrackbacks } from './trackbacks.js'

/** The store in a database. How rows are added is the adapter's own: each database has a fast way of its own. */
export function createSqlStore(sql: Sql, { add, close }: Pick<Store, 'add' | 'close'>): Store {
  return closable({
    ...createTrackbacks(sql),
    jobs: createJobs(sql),
    records: createRecords(sql),
    add,
    close,
  })
}
