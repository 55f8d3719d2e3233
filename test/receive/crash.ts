import { Agent } from 'undici'
import { expect, it } from 'vitest'
import { forkReceiver, openReceiver, sendTo } from '../support/receivers.js'
import { openStore } from '../support/stores.js'
import { repeated } from '../support/strength.js'

const kills = repeated(100)
const senders = 32

/** Pings the receiver over and over until it is gone, and gives back the sources it was told success for. */
async function pingUntilGone(port: number, agent: Agent, prefix: string): Promise<string[]> {
  const acknowledged: string[] = []
  for (let index = 0; ; index += 1) {
    const url = `http://other.example/${prefix}/${index}`
    try {
      if ((await sendTo(port, url, agent)).includes('<error>0</error>')) acknowledged.push(url)
    } catch {
      return acknowledged
    }
  }
}

/** Declares the test of a store that is killed under load; `newAddress` gives a new, empty store. */
export function testCrashes(newAddress: () => string): void {
  it(
    `THREATS D2: keeps every acknowledged ping, none twice, through ${kills} times SIGKILL under load`,
    async () => {
      const address = newAddress()
      const acknowledged: string[] = []
      const openings: number[] = []
      let spare = forkReceiver()
      for (let kill = 0; kill < kills; kill += 1) {
        const child = await spare
        spare = forkReceiver()
        const start = performance.now()
        const port = await openReceiver(child, address)
        const agent = new Agent({ connections: senders })
        const first = sendTo(port, `http://other.example/${kill}`, agent).then(
          () => performance.now() - start,
        )
        openings.push(await first)
        const loads = Array.from({ length: senders }, (_, sender) =>
          pingUntilGone(port, agent, `${kill}/${sender}`),
        )
        await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 200))
        child.kill('SIGKILL')
        acknowledged.push(...(await Promise.all(loads)).flat())
        await agent.destroy()
      }
      ;(await spare).kill()
      await expectKept(address, acknowledged)
      expect(Math.max(...openings)).toBeLessThan(2000)
      console.log(
        `${acknowledged.length} acknowledged; first answer after ${median(openings)} ms in the middle`,
      )
    },
    15_000 * kills,
  )
}

async function expectKept(address: string, acknowledged: readonly string[]): Promise<void> {
  const store = openStore(address)
  const found = await Promise.all(acknowledged.map((url) => store.find('7', url)))
  const kept = await store.count({})
  const all = { kind: 'verify', now: Date.now() * 2, lease: 1, limit: kept + 1, perGroup: kept + 1 }
  expect(acknowledged.length).toBeGreaterThan(kills * (senders / 4))
  expect(found.filter((trackback) => trackback === null)).toEqual([])
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  expect(await store.jobs.claim(all)).toHaveLength(kept)
  await store.close()
}

function median(values: readonly number[]): number {
  return Math.round([...values].sort((a, b) => a - b)[values.length >> 1] ?? 0)
}
