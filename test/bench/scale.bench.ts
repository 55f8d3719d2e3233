import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { startPostgres } from '../../examples/platform/database.js'
import { cpuOf } from './cpu.js'
import { goal } from './goals.js'
import { type Contender, inTurn, ratioOf } from './harness.js'
import { loadWithPings } from './receive-load.js'

const most = 3
const milliseconds = 1500
const warmUp = 5000
const posts = 1000

/** A receiver in a process of its own. */
interface Receiver {
  readonly child: ChildProcess
  readonly port: number
}

async function ask(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message') as Promise<[number]>
  if (child.connected) child.send('cpu')
  return (await answer)[0]
}

async function startReceiver(connectionString: string): Promise<Receiver> {
  const file = new URL('scale-receiver.ts', import.meta.url)
  const child = fork(file, [connectionString, 'scale_'])
  const [port] = (await once(child, 'message')) as [number]
  return { child, port }
}

/** Pings accepted a second of the processor time of these receivers and of PostgreSQL together, each under the same load. */
function through(name: string, receivers: readonly Receiver[], pool: pg.Pool): Contender {
  const cpu = async (): Promise<{ ofReceivers: number; ofDatabase: number }> => {
    const { rows } = await pool.query('SELECT pid FROM pg_stat_activity')
    const ofReceivers = sum(await Promise.all(receivers.map(({ child }) => ask(child))))
    return { ofReceivers, ofDatabase: sum(rows.map(({ pid }) => cpuOf(pid))) }
  }
  return {
    name,
    async round() {
      await pool.query('TRUNCATE scale_received, scale_jobs')
      const before = await cpu()
      const loads = receivers.map(({ port }) => loadWithPings(port, '/trackback/', milliseconds, { posts }))
      const accepted = sum((await Promise.all(loads)).flat().map(({ answered }) => answered))
      const after = await cpu()
      const inReceivers = (after.ofReceivers - before.ofReceivers) / accepted
      const inDatabase = (after.ofDatabase - before.ofDatabase) / accepted
      console.log(
        `  ${name}: ${(inReceivers * 1e6).toFixed(0)} µs a ping in receivers, ${(inDatabase * 1e6).toFixed(0)} µs in PostgreSQL`,
      )
      return 1 / (inReceivers + inDatabase)
    },
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** What receivers on one PostgreSQL cost together: on few cores they show no more throughput, but that they cost no more. */
export default async function run(): Promise<void> {
  const server = await startPostgres()
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 1 }).on('error', () => {})
  const receivers: Receiver[] = []
  try {
    while (receivers.length < most) receivers.push(await startReceiver(server.connectionString))
    await pool.query('SELECT 1')
    // A process that has taken few pings takes five times as long for each.
    for (const { port } of receivers) await loadWithPings(port, '/trackback/', warmUp, { posts })
    const outcomes = await inTurn('scale: pings accepted by receivers on one PostgreSQL, a second of CPU', [
      through('one receiver', receivers.slice(0, 1), pool),
      through(`${most} receivers`, receivers, pool),
    ])
    goal(`scale: CPU per ping with ${most} receivers, times that with one`, 1 / ratioOf(outcomes, 1), {
      most: 1.15,
    })
  } finally {
    for (const { child } of receivers) child.disconnect()
    await pool.end()
    await server.stop()
  }
}
