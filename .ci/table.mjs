// Prints what .ci/run did: each step, who took part, what was skipped and why, and the sum of it all in the last line.
// Ends with 1 where something failed.
import { existsSync, readFileSync } from 'node:fs'

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
const steps = readFileSync('coverage/steps.tsv', 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'))
const skipped = new Map()

function skip(what, where) {
  skipped.set(what, [...(skipped.get(what) ?? []), where])
}

function countsOf(report, where) {
  const tests = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []
  for (const { status, fullName } of tests) {
    if (status === 'pending' || status === 'skipped' || status === 'todo') skip(fullName, where)
  }
  const count = (status) => tests.filter((test) => test.status === status).length
  const [passed, failed] = [count('passed'), count('failed')]
  return { passed, failed, skipped: tests.length - passed - failed }
}

function countsOfRuntime({ programs, suite }) {
  const count = (outcome) => programs.filter((program) => program.outcome === outcome).length
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
  return suite ? sum([counts, suite]) : counts
}

function sum(counts) {
  const total = (key) => counts.reduce((all, one) => all + one[key], 0)
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') }
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

function programsOf(report) {
  const tests = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []
  const programs = Object.assign({}, ...tests.map(({ meta }) => meta?.programs ?? {}))
  return Object.entries(programs).map(([name, version]) => `${name} ${version}`)
}

function runtimesOf(rows) {
  if (!rows) return 'no report'
  for (const { runtime, programs, suite } of rows) {
    for (const { what, outcome, detail } of programs)
      if (outcome === 'skipped') skip(`${what}: ${detail}`, runtime)
    for (const test of suite?.skippedTests ?? []) skip(test, runtime)
  }
  const ran = ({ runtime, suite }) => (suite ? `${runtime} (${suite.passed} tests)` : runtime)
  return rows.map(ran).join(', ')
}

function goalsIn(file) {
  const said = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const missed = [...said.matchAll(/^ {2}missed: (.*)$/gm)].map(([, what]) => what)
  const [met = 'no report'] = said.match(/^\d+ of \d+ goals met$/m) ?? []
  return missed.length > 0 ? `${met}; missed on this machine: ${missed.join('; ')}` : met
}

const interop = read('coverage/interop.json')
const nodes = read('coverage/nodes.json')
/** What each step counts that has a report; any other counts as one. */
const counts = {
  tests: countsOf(read('coverage/results.json'), 'tests'),
  interop: countsOf(interop, 'interop'),
  'every Node': sum((nodes ?? []).map(countsOfRuntime)),
}
const details = {
  tests: inWords(counts.tests),
  interop: [inWords(counts.interop), ...programsOf(interop)].join(', '),
  benchmarks: goalsIn('coverage/bench.txt'),
  'every Node': runtimesOf(nodes),
}

/** A step that failed has a failure, whatever its report says, and so has a report without a test. */
function resultOf([name, outcome]) {
  const { passed, failed, skipped } = counts[name] ?? {
    passed: outcome === 'passed' ? 1 : 0,
    failed: 0,
    skipped: 0,
  }
  const isFailure = outcome !== 'passed' || passed === 0
  return { passed, failed: Math.max(failed, isFailure ? 1 : 0), skipped }
}

console.log('\n== result\n')
for (const [name, outcome, seconds] of steps) {
  console.log(
    `${name.padEnd(12)}  ${outcome.padEnd(6)}  ${`${seconds} s`.padStart(6)}  ${details[name] ?? ''}`.trimEnd(),
  )
}
console.log(`${''.padEnd(12)}  ${''.padEnd(6)}  ${`${process.argv[2]} s`.padStart(6)}  from beginning to end`)
if (skipped.size > 0) console.log('\nskipped')
for (const [what, where] of skipped) console.log(`  ${what} (${where.join(', ')})`)
const result = sum(steps.map(resultOf))
console.log(`\n${inWords(result)}`)
process.exitCode = result.failed > 0 ? 1 : 0
