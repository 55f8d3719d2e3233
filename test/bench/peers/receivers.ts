import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startWordPress, type WordPress } from '../../interop/wordpress/wordpress.js'
import { type Contender, inTurn, type Outcome } from '../harness.js'
import { acceptedAt } from '../receive-load.js'

/** What was measured: how many pings a second each server accepted, and what others took part. */
export interface Receiving {
  readonly outcomes: readonly Outcome[]
  readonly programs: Readonly<Record<string, string>>
  /** Why WordPress took no part. */
  readonly missing?: string
}

interface Running {
  readonly contender: Contender
  stop(): unknown
}

const milliseconds = 3000
const rounds = 5
const servers = {
  express: 'Express 5, `express.urlencoded()`: parses and answers, keeps nothing',
  fastify: 'Fastify 5, `@fastify/formbody`: parses and answers, keeps nothing',
  memory: 'trackbacks: the whole job, memory store',
  sqlite: 'trackbacks: the whole job, SQLite, durable',
}

/** Loads each server in turn, every one in processes of its own; the first is the yardstick. */
export async function compareReceivers(): Promise<Receiving> {
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-bench-'))
  const running: Running[] = []
  try {
    for (const [which, name] of Object.entries(servers)) running.push(await startServer(which, name, folder))
    const wordpress = await startWordPress()
    if (!('missing' in wordpress)) running.push(await startPeer(wordpress))
    const [first, ...others] = running.map(({ contender }) => contender)
    if (!first) throw new Error('no server was started')
    const outcomes = await inTurn('peers: pings accepted, 64 connections', [first, ...others], rounds)
    if ('missing' in wordpress) return { outcomes, programs: {}, missing: wordpress.missing }
    return { outcomes, programs: wordpress.programs }
  } finally {
    for (const server of running) await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function startServer(which: string, name: string, folder: string): Promise<Running> {
  const file = fileURLToPath(new URL('server.ts', import.meta.url))
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = fork(file, [which, folder], { execArgv: ['--import', 'tsx'], env })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  let round = 0
  return {
    contender: {
      name,
      round() {
        round += 1
        return acceptedAt(port, `/trackback/${round}`, milliseconds)
      },
    },
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

/** WordPress as Debian has it, with its flood check off; every round has a post of its own, since many pings slow it. */
async function startPeer(wordpress: WordPress): Promise<Running> {
  await wordpress.options({ interop_flood: 'off', permalink_structure: '' })
  const port = Number(new URL(wordpress.origin).port)
  return {
    contender: {
      name: 'WordPress, `wp-trackback.php`: the whole job, MariaDB, durable',
      async round() {
        const [post] = await wordpress.publish([{ post_title: 'A post', post_content: 'Words' }])
        return acceptedAt(port, `/wp-trackback.php?p=${post?.id}`, milliseconds)
      },
    },
    stop: wordpress.stop,
  }
}
