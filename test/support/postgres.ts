import { describe, it } from 'vitest'
import { postgresPrograms } from '../../examples/platform/database.js'
import { withPrograms } from './strength.js'

/** Declares tests that need a PostgreSQL server; where none takes part they are reported as skipped, with the reason. */
export function describePostgres(name: string, body: () => void): void {
  const missing = reasonAgainst()
  if (missing === null) describe(name, body)
  else describe.skip(`${name} (${missing})`, () => it('skipped', () => {}))
}

function reasonAgainst(): string | null {
  if (!withPrograms) return 'a server of PostgreSQL: npm run test:all'
  return postgresPrograms() === undefined ? 'needs the Debian package "postgresql"' : null
}
