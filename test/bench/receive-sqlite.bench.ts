import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from 'trackbacks'
import { openSqlite } from 'trackbacks/sqlite'
import { sampleTrackback } from '../../src/testing/sample.js'
import { goal } from './goals.js'
import { type Contender, inTurn, ratioOf } from './harness.js'
import { bare, receiving } from './receive.bench.js'

const folder = mkdtempSync(join(tmpdir(), 'trackbacks-bench-'))
let files = 0

function open(): Store {
  files += 1
  return openSqlite(join(folder, `${files}.db`))
}

/** One ping after the other, each with a commit of its own. */
const singleCommits: Contender = {
  name: 'single commits, no HTTP',
  async round() {
    const store = open()
    const count = 1500
    const start = performance.now()
    for (let index = 0; index < count; index += 1) {
      await store.add(sampleTrackback({ url: `https://blog.example/${index}` }))
    }
    const rate = (count * 1000) / (performance.now() - start)
    await store.close()
    return rate
  },
}

export default async function run(): Promise<void> {
  // One file for all rounds, as a blog has: a log that only grows has each sync write its size, too.
  const whole = open()
  const kept: Store = { ...whole, close: async () => {} }
  try {
    const outcomes = await inTurn(
      'receive-sqlite: pings accepted, each answered after its commit, synchronous=FULL',
      [
        bare,
        receiving('toNodeHandler, SQLite', () => kept),
        singleCommits,
        receiving('each from another host', () => kept, 'apart'),
      ],
    )
    goal('receive-sqlite, of bare node:http', ratioOf(outcomes, 1), { least: 0.35 })
    goal('receive-sqlite, of single commits', ratioOf(outcomes, 1) / ratioOf(outcomes, 2), { least: 3 })
    goal('receive-sqlite, each from another host, of one host', ratioOf(outcomes, 3) / ratioOf(outcomes, 1), {
      least: 0.6,
    })
  } finally {
    await whole.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
