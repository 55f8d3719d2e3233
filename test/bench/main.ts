// npm run bench                    every benchmark
// npm run bench -- receive text    those named
// npm run bench -- --strict        ends with 1 where a goal was missed
// npm run bench -- --rounds 3      fewer rounds, for a first look
// npm run bench -- peers --print   prints its tables and writes no page
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { allGoalsMet } from './goals.js'
import { setRounds } from './harness.js'

/** What a benchmark is told. */
export interface BenchOptions {
  readonly print: boolean
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    strict: { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
})
const here = new URL('.', import.meta.url)
const all = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .sort()
const unknown = positionals.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`No benchmark named ${unknown.join(', ')}. There are: ${all.join(', ')}.`)
  process.exit(2)
}
if (values.rounds !== undefined) setRounds(values.rounds)
for (const name of positionals.length > 0 ? positionals : all) {
  const { default: run } = (await import(new URL(`${name}.bench.ts`, here).href)) as {
    default: (options: BenchOptions) => Promise<void>
  }
  await run({ print: values.print })
}
if (!allGoalsMet() && values.strict) process.exitCode = 1
