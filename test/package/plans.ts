// Which programs a user of each runtime may run against the packed package, and what each needs.

import { doors } from './packed.js'
import type { Projects } from './programs.js'
import type { Runtime } from './runtimes.js'

/** One program to run, or why it is not. */
export type Plan =
  | {
      readonly what: string
      readonly project: string
      readonly args: readonly string[]
      /** In place of what usually stands between the runtime's command and a program. */
      readonly verb?: readonly string[]
    }
  | { readonly what: string; readonly skipped: string }

export function planOf(runtime: Runtime, projects: Projects): Plan[] {
  const { bare, drivers } = projects
  return [
    { what: 'import', project: bare, args: ['doors.mjs', ...doors] },
    planRequire(runtime, bare),
    { what: 'guard', project: bare, args: ['guard.mjs'] },
    { what: 'queue', project: bare, args: ['contracts.mjs', 'queue'] },
    ...planStore(runtime, 'memory', bare),
    ...planStore(runtime, 'libsql', drivers),
    ...planStore(runtime, 'pglite', drivers),
    ...planBetterSqlite(runtime, projects),
    ...(hasOwnSqlite(runtime) ? planOwnSqlite(runtime, bare) : planInstalledSqlite(runtime, projects)),
    ...(runtime.kind === 'deno' ? [planTypes(bare)] : []),
  ]
}

function planRequire(runtime: Runtime, project: string): Plan {
  const is20 = runtime.version.startsWith('20.')
  const can = runtime.kind !== 'node' || isAtLeast(runtime, is20 ? '20.19.0' : '22.12.0')
  if (!can) return { what: 'require', skipped: 'this Node cannot require a module' }
  return { what: 'require', project, args: ['doors.cjs', ...doors] }
}

/** A store by its contract, and behind a blog on each host that the runtime has; `flags` go before the program. */
function planStore({ kind }: Runtime, store: string, project: string, flags: readonly string[] = []): Plan[] {
  const hosts = kind === 'node' ? ['node'] : ['node', kind]
  const name = [store, ...flags].join(' ')
  return [
    { what: `store ${name}`, project, args: [...flags, 'contracts.mjs', store] },
    ...hosts.map((host) => ({
      what: `blog on ${host}, ${name}`,
      project,
      args: [...flags, 'blog.mjs', host, store],
    })),
  ]
}

function planBetterSqlite(runtime: Runtime, { better }: Projects): Plan[] {
  if (runtime.kind !== 'node' || isAtLeast(runtime, '22.14.0'))
    return planStore(runtime, 'better-sqlite3', better)
  return [
    { what: 'store better-sqlite3', skipped: 'better-sqlite3 13 ends this Node with a segmentation fault' },
  ]
}

/** With a driver of its own, a runtime needs nothing installed. */
function planOwnSqlite(runtime: Runtime, project: string): Plan[] {
  const stores = runtime.kind === 'bun' ? ['openSqlite', 'bun:sqlite'] : ['openSqlite', 'node:sqlite']
  return stores.flatMap((store) => planStore(runtime, store, project))
}

/** Without one, `openSqlite` finds what is installed, and says what to install where there is nothing. */
function planInstalledSqlite(runtime: Runtime, { bare, drivers }: Projects): Plan[] {
  return [
    { what: 'no driver', project: bare, args: ['no-driver.mjs'] },
    ...planStore(runtime, 'openSqlite', drivers),
    ...(isAtLeast(runtime, '22.5.0')
      ? planStore(runtime, 'openSqlite', bare, ['--experimental-sqlite'])
      : [{ what: 'store node:sqlite', skipped: 'this Node has none' }]),
  ]
}

function planTypes(project: string): Plan {
  return { what: 'types', project, verb: ['check', '--quiet', '--no-lock'], args: ['portable.ts'] }
}

function hasOwnSqlite(runtime: Runtime): boolean {
  return runtime.kind !== 'node' || isAtLeast(runtime, '22.13.0')
}

function isAtLeast({ version }: Runtime, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0
}
