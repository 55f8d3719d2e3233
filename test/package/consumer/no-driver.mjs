// Where nothing speaks SQLite, `openSqlite` names the command to run.
import { equal, match } from 'node:assert/strict'
import { openSqlite } from 'trackbacks/sqlite'

try {
  await openSqlite('unused.db').close()
  throw new Error('there is a driver')
} catch (error) {
  equal(error.code, 'NO_SQLITE')
  match(error.message, /npm install libsql.*createSqliteStore\(/)
}
