import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, startPostgres } from '../../examples/platform/database.js'
import { describePostgres } from '../support/postgres.js'
import { forkReceiver, openReceiver, sendTo } from '../support/receivers.js'
import { sqliteDrivers } from '../support/sqlite-drivers.js'
import { openStore } from '../support/stores.js'

const pings = 500
let children: ChildProcess[] = []
beforeAll(async () => {
  children = await Promise.all(Array.from({ length: 8 }, forkReceiver))
}, 60_000)
function killAll(): void {
  for (const child of children) child.kill()
}
afterAll(killAll)

/** Every process gets every ping, all at once. */
async function expectEachKeptOnce(address: string): Promise<void> {
  const ports = await Promise.all(children.map((child) => openReceiver(child, address)))
  const agent = new Agent({ connections: 16 })
  const urls = Array.from({ length: pings }, (_, index) => `http://other.example/${index}`)
  const answers = await Promise.all(urls.flatMap((url) => ports.map((port) => sendTo(port, url, agent))))
  await agent.destroy()
  const store = openStore(address)
  const all = { kind: 'verify', now: Date.now() * 2, lease: 1, limit: 5000, perGroup: 5000 }
  const kept = [await store.count({}), (await store.jobs.claim(all)).length]
  await store.close()
  expect(answers.filter((answer) => !answer.includes('<error>0</error>'))).toEqual([])
  expect([answers.length, ...kept]).toEqual([8 * pings, pings, pings])
}

describe('8 receivers on one file of SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const [name, Driver] of sqliteDrivers) {
    if (!Driver) {
      it.skip(`by ${name} (not on this machine)`, () => {})
      continue
    }
    it(`keep each of 500 pings once that all of them get, and tell all senders that it is kept: ${name}`, () =>
      expectEachKeptOnce(`${name}:${join(folder, `${name.replace(':', '-')}.db`)}`))
  }
})

describePostgres('8 receivers on PostgreSQL', () => {
  let server: Database
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(() => {
    killAll()
    return server.stop()
  })

  it('keep each of 500 pings once that all of them get, and tell all senders that it is kept', () =>
    expectEachKeptOnce(server.connectionString))
})
