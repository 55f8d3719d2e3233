import { describe, it } from 'vitest'
import { postgresPrograms } from '../../examples/platform/database.js'

/** Declares tests that need a PostgreSQL server; where none is installed they are reported as skipped, with the reason. */
export function describePostgres(name: string, body: () => void): void {
  if (postgresPrograms() !== undefined) describe(name, body)
  else describe.skip(`${name} (needs the Debian package "postgresql")`, () => it('skipped', () => {}))
}
