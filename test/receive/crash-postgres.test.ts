import { afterAll, beforeAll } from 'vitest'
import { type Database, startPostgres } from '../../examples/platform/database.js'
import { describePostgres } from '../support/postgres.js'
import { testCrashes } from './crash.js'

describePostgres('a receiver on PostgreSQL', () => {
  let server: Database
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(() => server.stop())
  testCrashes(() => server.connectionString)
})
