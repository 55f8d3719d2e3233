// How long importing the package takes, beyond its three main dependencies, which a program with them would load anyway.
import { execFileSync } from 'node:child_process'
import type { Runtime } from './runtimes.js'

const rounds = 15
/** The most that importing may take beyond the three, in milliseconds. */
export const limit = 60

/** Milliseconds: medians of fresh processes, each of which imports the three and then the package. */
export interface ImportTime {
  readonly dependencies: number
  /** By the clock. */
  readonly beyond: number
  /** By the processor, which counts less of what else the machine does. */
  readonly beyondCpu: number
}

const program = `
const cpuTime = () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000
const start = performance.now()
for (const name of ['undici', 'fast-xml-parser', 'parse5']) await import(name)
const between = performance.now()
const cpu = cpuTime()
await import('trackbacks')
const beyond = performance.now() - between
console.log(JSON.stringify({ dependencies: between - start, beyond, beyondCpu: cpuTime() - cpu }))`

/** Measures in a project that has the package. */
export function measureImport({ command }: Runtime, project: string): ImportTime {
  const options = { cwd: project, encoding: 'utf8' } as const
  const times = Array.from(
    { length: rounds },
    (): ImportTime => JSON.parse(execFileSync(command, ['--input-type=module', '-e', program], options)),
  )
  return {
    dependencies: median(times.map(({ dependencies }) => dependencies)),
    beyond: median(times.map(({ beyond }) => beyond)),
    beyondCpu: median(times.map(({ beyondCpu }) => beyondCpu)),
  }
}

function median(values: number[]): number {
  const middle = values.sort((a, b) => a - b)[values.length >> 1] ?? 0
  return Math.round(middle * 10) / 10
}
