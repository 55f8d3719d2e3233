// What ran where, for people: a line for each runtime, then every skip with its reason and every failure in full.
import type { ImportTime } from './import-time.js'
import type { Result } from './programs.js'
import type { SuiteResult } from './suite.js'

/** What became of one runtime. */
export interface Row {
  readonly runtime: string
  readonly programs: readonly Result[]
  readonly importTime: ImportTime | null
  readonly suite: SuiteResult | null
}

export function printTable(rows: readonly Row[]): void {
  const cells = [['', 'tests', 'package', 'import', 'warnings'], ...rows.map(cellsOf)]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  console.log()
  for (const row of cells) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
  console.log('\nimport: milliseconds for trackbacks, after undici, fast-xml-parser and parse5')
  printSkips(rows)
  for (const { runtime, what, detail } of resultsOf(rows, 'failed')) {
    console.log(`\nFAILED on ${runtime}: ${what}\n${detail}`)
  }
}

function cellsOf({ runtime, suite, programs, importTime }: Row): string[] {
  const count = (outcome: Result['outcome']) => programs.filter((each) => each.outcome === outcome).length
  const warnings = new Set(programs.flatMap((each) => each.warnings ?? []))
  return [
    runtime,
    suite ? countsOf(suite) : 'not run',
    countsOf({ passed: count('passed'), failed: count('failed'), skipped: count('skipped') }),
    importTime ? `+${importTime.beyond.toFixed(0)}` : '',
    [...warnings].join(', ') || 'none',
  ]
}

function countsOf(counts: { passed: number; failed: number; skipped: number }): string {
  const { passed, failed, skipped } = counts
  return [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`]
    .filter(Boolean)
    .join(', ')
}

function printSkips(rows: readonly Row[]): void {
  const skipped = new Map<string, string[]>()
  const add = (key: string, runtime: string) => skipped.set(key, [...(skipped.get(key) ?? []), runtime])
  for (const { what, detail, runtime } of resultsOf(rows, 'skipped')) add(`${what}: ${detail}`, runtime)
  for (const { runtime, suite } of rows) {
    for (const test of suite?.skippedTests ?? []) add(`test: ${test}`, runtime)
  }
  if (skipped.size > 0) console.log('\nSkipped')
  for (const [what, runtimes] of skipped) console.log(`  ${what} (${runtimes.join(', ')})`)
}

function resultsOf(rows: readonly Row[], outcome: Result['outcome']): Result[] {
  return rows
    .flatMap(({ programs, suite }) => [...programs, ...(suite ? [suite] : [])])
    .filter((result) => result.outcome === outcome)
}
