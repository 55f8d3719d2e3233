import { execFileSync } from 'node:child_process'
import { goal } from './goals.js'
import { type Contender, inTurn, ratioOf } from './harness.js'

/** A new process that imports modules: how often a second of its own processor time it could do so. */
function importing(name: string, modules: readonly string[]): Contender {
  const program = `const before = process.cpuUsage()
    for (const module of ${JSON.stringify(modules)}) await import(module)
    const { user, system } = process.cpuUsage(before)
    console.log(user + system)`
  return {
    name,
    round() {
      const said = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
        encoding: 'utf8',
      })
      return 1_000_000 / Number(said)
    },
  }
}

/** What a program pays for importing the library, beside what it would pay for the usual parts of one. */
export default async function run(): Promise<void> {
  const outcomes = await inTurn(
    'start: imports, a second of CPU',
    [
      importing('undici, an XML and an HTML parser', ['undici', 'fast-xml-parser', 'parse5']),
      importing('trackbacks', ['trackbacks']),
      importing('trackbacks/protocol', ['trackbacks/protocol']),
      importing('trackbacks/node, trackbacks/sqlite', ['trackbacks/node', 'trackbacks/sqlite']),
      importing('iconv-lite', ['iconv-lite']),
      importing('tldts', ['tldts']),
    ],
    21,
  )
  goal(
    'start: importing trackbacks, times importing undici, fast-xml-parser and parse5',
    1 / ratioOf(outcomes, 1),
    {
      most: 1.15,
    },
  )
}
