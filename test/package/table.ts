// What ran where, for people: a line for each runtime, then every skip with its reason, every warning, every failure in full.
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
  const cells = [['', 'tests', 'package', 'import'], ...rows.map(cellsOf)]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  console.log()
  for (const row of cells) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
  console.log('\nimport: milliseconds for trackbacks, after undici and entities')
  printList('Skipped', skipsOf(rows))
  printList('Warnings', warningsOf(rows))
  for (const { runtime, what, detail } of resultsOf(rows, 'failed')) {
    console.log(`\nFAILED on ${runtime}: ${what}\n${detail}`)
  }
}

function cellsOf({ runtime, suite, programs, importTime }: Row): string[] {
  const count = (outcome: Result['outcome']) => programs.filter((each) => each.outcome === outcome).length
  return [
    runtime,
    suite ? countsOf(suite) : 'not run',
    countsOf({ passed: count('passed'), failed: count('failed'), skipped: count('skipped') }),
    importTime ? `+${importTime.beyond.toFixed(0)}` : '',
  ]
}

function countsOf(counts: { passed: number; failed: number; skipped: number }): string {
  const { passed, failed, skipped } = counts
  return [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`]
    .filter(Boolean)
    .join(', ')
}

function skipsOf(rows: readonly Row[]): (readonly [what: string, runtime: string])[] {
  const programs = resultsOf(rows, 'skipped').map(
    ({ what, detail, runtime }) => [`${what}: ${detail}`, runtime] as const,
  )
  const tests = rows.flatMap(({ runtime, suite }) =>
    (suite?.skippedTests ?? []).map((test) => [`test: ${test}`, runtime] as const),
  )
  return [...programs, ...tests]
}

function warningsOf(rows: readonly Row[]): (readonly [what: string, runtime: string])[] {
  return rows.flatMap(({ runtime, programs }) => {
    const warnings = new Set(programs.flatMap((program) => program.warnings ?? []))
    return [...warnings].map((warning) => [warning, runtime] as const)
  })
}

/** What is the same on several runtimes is said once. */
function printList(title: string, entries: readonly (readonly [what: string, runtime: string])[]): void {
  const runtimes = new Map<string, string[]>()
  for (const [what, runtime] of entries) runtimes.set(what, [...(runtimes.get(what) ?? []), runtime])
  if (runtimes.size > 0) console.log(`\n${title}`)
  for (const [what, names] of runtimes) console.log(`  ${what}\n    on ${names.join(', ')}`)
}

function resultsOf(rows: readonly Row[], outcome: Result['outcome']): Result[] {
  return rows
    .flatMap(({ programs, suite }) => [...programs, ...(suite ? [suite] : [])])
    .filter((result) => result.outcome === outcome)
}
