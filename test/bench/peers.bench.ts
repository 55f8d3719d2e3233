import { goal } from './goals.js'
import type { BenchOptions } from './main.js'
import { compareFinders } from './peers/discovery.js'
import { compareReceivers, type Receiving } from './peers/receivers.js'
import { describeMachine, writeReport } from './peers/report.js'

/** Measures this library beside what others offer for the same work, and writes docs/benchmarks.md and the README. */
export default async function run({ print }: BenchOptions): Promise<void> {
  const machine = describeMachine()
  const receiving = await compareReceivers()
  if (receiving.missing !== undefined) console.log(`  WordPress took no part: ${receiving.missing}`)
  checkGoals(receiving)
  const findings = await compareFinders(process.env['TRACKBACK_CORPUS'])
  if (!print) writeReport(machine, receiving, findings)
}

/** What keeps everything, beside what keeps nothing and beside WordPress. */
function checkGoals({ outcomes }: Receiving): void {
  const [express = 0, fastify = 0, memory = 0, sqlite = 0, wordpress] = outcomes.map(({ rate }) => rate)
  goal('memory store, of Fastify', memory / fastify, { least: 0.75 })
  goal('memory store, of Express', memory / express, { least: 3 })
  if (wordpress === undefined) return
  goal('memory store, of WordPress', memory / wordpress, { least: 100 })
  goal('SQLite, of WordPress', sqlite / wordpress, { least: 50 })
}
