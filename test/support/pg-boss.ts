import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, it } from 'vitest'
import type { PgBoss } from '../../src/pg-boss/pg-boss.js'

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

/** One that has not; these are the settings that both versions have, and those that one of them has. */
type PgBossClass = new (
  settings: object,
) => {
  on(event: 'error', listener: () => void): { start(): Promise<StartedPgBoss> }
}

/** Version 12 is installed apart, as the Node that the project is developed on cannot have it. */
const newer = fileURLToPath(new URL('node-22/package.json', import.meta.url))
const hasNewer = existsSync(fileURLToPath(new URL('node-22/node_modules/pg-boss', import.meta.url)))

/** Starts one that looks after lost jobs every second; each version has a schema of its own. */
export async function startPgBoss(version: PgBossVersion, connectionString: string): Promise<StartedPgBoss> {
  const options = { connectionString, schema: `pgboss${version}`, max: 4 }
  if (version === '10') {
    const { default: PgBoss10 } = await import('pg-boss')
    return new PgBoss10({ ...options, maintenanceIntervalSeconds: 1 }).on('error', () => {}).start()
  }
  const path = createRequire(newer).resolve('pg-boss')
  const { PgBoss: PgBoss12 }: { PgBoss: PgBossClass } = await import(pathToFileURL(path).href)
  const intervals = { superviseIntervalSeconds: 1, monitorIntervalSeconds: 1 }
  return new PgBoss12({ ...options, ...intervals }).on('error', () => {}).start()
}

/** Declares tests for each version; one that this Node does not run is reported as skipped, with the reason. */
export function describePgBoss(name: string, body: (version: PgBossVersion) => void): void {
  for (const [version] of pgBossVersions) {
    const title = `${name} (pg-boss ${version})`
    const missing = reasonAgainst(version)
    if (missing === null) describe(title, () => body(version))
    else describe.skip(`${title} needs ${missing}`, () => it('skipped', () => {}))
  }
}

function reasonAgainst(version: PgBossVersion): string | null {
  const [, [major, minor]] = pgBossVersions.find(([each]) => each === version) ?? pgBossVersions[0]
  const [thisMajor = 0, thisMinor = 0] = process.versions.node.split('.').map(Number)
  if (thisMajor < major || (thisMajor === major && thisMinor < minor)) return `Node ${major}.${minor}`
  return version === '12' && !hasNewer ? 'npm ci --prefix test/support/node-22' : null
}
