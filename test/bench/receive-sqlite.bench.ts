import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from 'trackbacks'
import { openSqlite } from 'trackbacks/sqlite'
import { sampleTrackback } from '../../src/store/contract.js'
import { type Contender, inTurn } from './harness.js'
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
  try {
    await inTurn('receive-sqlite: pings accepted, each answered after its commit, synchronous=FULL', [
      bare,
      receiving('toNodeHandler, SQLite', open),
      singleCommits,
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
