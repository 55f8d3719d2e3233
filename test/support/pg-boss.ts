import { describe, it } from 'vitest'
import type { PgBoss } from '../../src/jobs/pg-boss.js'

/** The versions of pg-boss that the adapter is tested with, and the first Node that each runs on. */
export const pgBossVersions = [
  ['10', [20, 0]],
  ['12', [22, 12]],
] as const
export type PgBossVersion = (typeof pgBossVersions)[number][0]

/** A pg-boss of any version that has started. */
export interface StartedPgBoss extends PgBoss {
  stop(options: { graceful: boolean }): Promise<void>
}

/** Starts one that looks after lost jobs every second; each version has a schema of its own. */
export async function startPgBoss(version: PgBossVersion, connectionString: string): Promise<StartedPgBoss> {
  const options = { connectionString, schema: `pgboss${version}`, max: 4 }
  if (version === '10') {
    const { default: PgBoss10 } = await import('pg-boss')
    return new PgBoss10({ ...options, maintenanceIntervalSeconds: 1 }).on('error', () => {}).start()
  }
  const { PgBoss: PgBoss12 } = await import('pg-boss12')
  const intervals = { superviseIntervalSeconds: 1, monitorIntervalSeconds: 1 }
  return new PgBoss12({ ...options, ...intervals }).on('error', () => {}).start()
}

/** Declares tests for each version; one that this Node does not run is reported as skipped, with the reason. */
export function describePgBoss(name: string, body: (version: PgBossVersion) => void): void {
  for (const [version, [major, minor]] of pgBossVersions) {
    const [thisMajor = 0, thisMinor = 0] = process.versions.node.split('.').map(Number)
    const title = `${name} (pg-boss ${version})`
    if (thisMajor > major || (thisMajor === major && thisMinor >= minor)) describe(title, () => body(version))
    else describe.skip(`${title} needs Node ${major}.${minor}`, () => it('skipped', () => {}))
  }
}
