// npm run test:nodes                    the packed package on every runtime its users have, the tests on the Nodes among them
// npm run test:nodes -- --quick         the tests on the oldest and the newest Node alone
// npm run test:nodes -- --only 22       only runtimes whose name holds this
// npm run test:nodes -- --json out.json the results for another program
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type ImportTime, limit, measureImport } from './import-time.js'
import { pack } from './packed.js'
import { makeProjects, type Result, runPrograms } from './programs.js'
import { installRuntimes, type Runtime } from './runtimes.js'
import { installNewer, runSuite, type SuiteResult } from './suite.js'
import { printTable, type Row } from './table.js'

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'string' } },
})
const { quick = false, only = '', json } = values
const folder = mkdtempSync(join(tmpdir(), 'trackbacks-nodes-'))

function say(text: string): void {
  console.log(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${text}`)
}

async function timesOf(runtimes: readonly Runtime[], project: string): Promise<Map<Runtime, ImportTime>> {
  const nodes = runtimes.filter(({ kind }) => kind === 'node')
  return new Map(nodes.map((runtime) => [runtime, measureImport(runtime, project)]))
}

async function suitesOf(runtimes: readonly Runtime[]): Promise<Map<Runtime, SuiteResult>> {
  const all = runtimes.filter(({ strength }) => strength > 0)
  const wanted = quick ? all.filter((runtime) => runtime === all[0] || runtime === all.at(-1)) : all
  if (wanted.length > 0) installNewer()
  const suites = new Map<Runtime, SuiteResult>()
  for (const runtime of wanted) {
    say(`the tests on ${runtime.name}`)
    suites.set(runtime, await runSuite(runtime, folder))
  }
  return suites
}

/** Importing that takes too long, even where it was fastest, is a failure like another. */
function timeResult(runtime: string, { fastest }: ImportTime): Result {
  const result = { runtime, what: 'import time' }
  if (fastest <= limit) return { ...result, outcome: 'passed' }
  return { ...result, outcome: 'failed', detail: `${fastest} ms after its dependencies, more than ${limit}` }
}

try {
  say('installing')
  const runtimes = (await installRuntimes()).filter(({ name }) => name.includes(only))
  if (runtimes.length === 0) throw new Error(`no runtime has '${only}' in its name`)
  const projects = await makeProjects(folder, pack(folder))
  say(`the package on ${runtimes.map(({ name }) => name).join(', ')}`)
  const programs = await Promise.all(runtimes.map((runtime) => runPrograms(runtime, projects)))
  say('how long importing takes')
  const times = await timesOf(runtimes, projects.bare)
  const suites = await suitesOf(runtimes)
  const rows = runtimes.map((runtime, index): Row => {
    const importTime = times.get(runtime) ?? null
    const timed = importTime ? [timeResult(runtime.name, importTime)] : []
    const suite = suites.get(runtime) ?? null
    return { runtime: runtime.name, programs: [...(programs[index] ?? []), ...timed], importTime, suite }
  })
  printTable(rows)
  if (json) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`)
  const failed = rows.some(({ programs, suite }) =>
    [...programs, suite].some((result) => result?.outcome === 'failed'),
  )
  process.exitCode = failed ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
