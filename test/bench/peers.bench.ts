import { compareFinders } from './peers/discovery.js'
import { compareReceivers } from './peers/receivers.js'
import { describeMachine, writeReport } from './peers/report.js'

/** Measures this library beside what others offer for the same work, and writes docs/benchmarks.md and the README. */
export default async function run(): Promise<void> {
  const machine = describeMachine()
  const receiving = await compareReceivers()
  if (receiving.missing !== undefined) console.log(`  WordPress took no part: ${receiving.missing}`)
  writeReport(machine, receiving, await compareFinders(process.env['TRACKBACK_CORPUS']))
}
