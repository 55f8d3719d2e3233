// The project's own tests on another Node: its binary stands first in the path, so that what tests start runs on it too.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { root } from './packed.js'
import type { Result } from './programs.js'
import type { Runtime } from './runtimes.js'

/** What a suite came to. */
export interface SuiteResult extends Result {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly seconds: number
  /** Their names, which say why. */
  readonly skippedTests: readonly string[]
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly Assertion[]
  }[]
}

interface Assertion {
  readonly status: string
  readonly fullName: string
  readonly failureMessages: readonly string[]
}

/** Installs what some tests use that the Node of this process may be too old for. */
export function installNewer(): void {
  const folder = join(root, 'test/support/node-22')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
  })
}

/** Runs the tests; `folder` takes their report. */
export async function runSuite(
  { name, command, version, strength }: Runtime,
  folder: string,
): Promise<SuiteResult> {
  const file = join(folder, `suite-${version}.json`)
  const start = performance.now()
  const said = await runVitest(command, file, strength)
  const seconds = Math.round((performance.now() - start) / 1000)
  const result = { runtime: name, what: 'tests', seconds, skippedTests: [] }
  if (!existsSync(file)) {
    return { ...result, outcome: 'failed', passed: 0, failed: 0, skipped: 0, detail: said.output }
  }
  const report: Report = JSON.parse(readFileSync(file, 'utf8'))
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
    skippedTests: testsOf(report).flatMap((test) => (test.status === 'skipped' ? [test.fullName] : [])),
  }
  if (said.code === 0) return { ...result, ...counts, outcome: 'passed' }
  return { ...result, ...counts, outcome: 'failed', detail: failuresOf(report) || said.output.slice(-4000) }
}

function runVitest(
  command: string,
  file: string,
  strength: number,
): Promise<{ code: number; output: string }> {
  const path = `${dirname(command)}${delimiter}${process.env['PATH']}`
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const args = [
    vitest,
    'run',
    '--exclude',
    'test/browser/**',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]
  const env = { ...process.env, PATH: path, NO_COLOR: '1', TRACKBACK_STRENGTH: String(strength) }
  const options = { cwd: root, env, maxBuffer: 64 << 20 }
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, output: stdout + stderr }),
    )
  })
}

function testsOf({ testResults }: Report): Assertion[] {
  return testResults.flatMap(({ assertionResults }) => assertionResults)
}

function failuresOf({ testResults }: Report): string {
  return testResults
    .flatMap(({ name, message, assertionResults }) => [
      ...(assertionResults.length === 0 ? [`${name}: ${message}`] : []),
      ...assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => `${fullName}\n  ${failureMessages[0]?.slice(0, 600)}`),
    ])
    .join('\n')
}
