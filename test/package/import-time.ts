// How long importing the package takes, beyond its three main dependencies, which a program with them would load anyway.
import { execFileSync } from 'node:child_process'
import type { Runtime } from './runtimes.js'

const rounds = 15
/** The most that importing may take beyond the three, in milliseconds. */
export const limit = 60

/** Milliseconds, of fresh processes that import the three and then the package. */
export interface ImportTime {
  /** The three, in the middle of all processes. */
  readonly dependencies: number
  /** The package after them, in the middle of all processes. */
  readonly beyond: number
  /** The same in the fastest one: what else the machine does only ever adds. */
  readonly fastest: number
}

const program = `
const start = performance.now()
for (const name of ['undici', 'entities/decode']) await import(name)
const between = performance.now()
await import('trackbacks')
console.log(JSON.stringify([between - start, performance.now() - between]))`

/** Measures in a project that has the package. */
export function measureImport({ command }: Runtime, project: string): ImportTime {
  const options = { cwd: project, encoding: 'utf8' } as const
  const times = Array.from({ length: rounds }, (): [number, number] =>
    JSON.parse(execFileSync(command, ['--input-type=module', '-e', program], options)),
  )
  const dependencies = sorted(times.map(([three]) => three))
  const beyond = sorted(times.map(([, rest]) => rest))
  return { dependencies: middle(dependencies), beyond: middle(beyond), fastest: beyond[0] ?? 0 }
}

function sorted(values: readonly number[]): number[] {
  return values.map((value) => Math.round(value * 10) / 10).sort((a, b) => a - b)
}

function middle(values: readonly number[]): number {
  return values[values.length >> 1] ?? 0
}
