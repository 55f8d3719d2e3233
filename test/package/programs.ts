// Runs the programs of consumer/ and types/ against the packed package, as a user of each runtime would.
import { execFile } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeProject, type Tarball } from './packed.js'
import { type Plan, planOf } from './plans.js'
import type { Runtime } from './runtimes.js'

/** One thing that ran on a runtime, or why it did not. */
export interface Result {
  readonly runtime: string
  readonly what: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What a failed program said, or why one was skipped. */
  readonly detail?: string
  /** Warnings of the runtime's own, by their names. */
  readonly warnings?: readonly string[]
}

/** Empty projects with the package: alone, with `libsql` and PGlite, with `better-sqlite3`. */
export interface Projects {
  readonly bare: string
  readonly drivers: string
  readonly better: string
}

const programs = ['consumer', 'types'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)))
const timeout = 120_000

/** Makes the projects and puts the programs into them. */
export async function makeProjects(parent: string, { path }: Tarball): Promise<Projects> {
  const [bare, drivers, better] = await Promise.all([
    makeProject(join(parent, 'bare'), path),
    makeProject(join(parent, 'drivers'), path, 'libsql@0.5.29', '@electric-sql/pglite@0.5.16'),
    makeProject(join(parent, 'better'), path, 'better-sqlite3@13.2.0'),
  ])
  const projects = { bare, drivers, better }
  for (const project of Object.values(projects)) {
    for (const folder of programs) cpSync(folder, project, { recursive: true })
  }
  return projects
}

/** Runs every program on a runtime, one after another. */
export async function runPrograms(runtime: Runtime, projects: Projects): Promise<Result[]> {
  const results: Result[] = []
  for (const plan of planOf(runtime, projects)) {
    results.push(await runPlan(runtime, plan))
  }
  return results
}

function runPlan(runtime: Runtime, plan: Plan): Promise<Result> {
  const { name, command } = runtime
  const result = { runtime: name, what: plan.what }
  if ('skipped' in plan) return Promise.resolve({ ...result, outcome: 'skipped', detail: plan.skipped })
  const args = [...(plan.verb ?? runtime.args), ...plan.args]
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' }
  const options = { cwd: plan.project, timeout, env }
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const { warnings, rest } = readWarnings(stderr)
      const failed = error !== null || rest !== ''
      const detail = `${stdout}${rest}${error?.signal ? ` ended by ${error.signal}` : ''}`.trim()
      resolve({ ...result, outcome: failed ? 'failed' : 'passed', warnings, ...(failed && { detail }) })
    })
  })
}

/** What Node says of parts of its own that it calls experimental; anything else a program says is a failure. */
const known: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'node:sqlite is experimental',
    /^\(node:\d+\) ExperimentalWarning: SQLite is an experimental feature.*\n/m,
  ],
  [
    'require() of a module is experimental',
    /^\(node:\d+\) ExperimentalWarning: CommonJS module .* is loading ES Module .*\n(Support for loading ES Module .*\n)?/m,
  ],
]

function readWarnings(stderr: string): { warnings: string[]; rest: string } {
  const found = known.filter(([, pattern]) => pattern.test(stderr))
  const hint = /^\(Use `node --trace-warnings .*\n/m
  const rest = found.reduce((text, [, pattern]) => text.replace(pattern, ''), stderr).replace(hint, '')
  return { warnings: found.map(([name]) => name), rest: rest.trim() }
}
