// Makes the project of a host from the docs, starts it, and asks it everything.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../support/ports.js'
import { type Files, filesOf, sharedFiles, writeFiles } from './blocks.js'
import type { Host } from './hosts.js'
import { type Failure, password, startTarget, type Target } from './probe.js'
import { send } from './requests.js'

/** What the project prints once everything is closed. */
const closed = 'all is closed'

/** The files of a host's project, with its port, its posts, and a network that may ask the target. */
export function projectFiles(host: Host, port: number, target: string): Files {
  const { section, folder = '' } = host
  const site = `http://127.0.0.1:${port}`
  const own = (text: string): string => text.replaceAll('3000', String(port))
  const shared = Object.entries({ ...sharedFiles(folder !== ''), 'posts.ts': postsFile(site, target) })
  const atFolder = shared.map(([path, text]) => [folder + path, forTrial(text, target)] as const)
  const files = { ...Object.fromEntries(atFolder), ...host.files, ...filesOf(section) }
  const forThis = Object.entries(files).map(([path, text]) => {
    return [path, own(host.adapt?.(path, text) ?? text)] as const
  })
  return Object.fromEntries(forThis)
}

/** Three posts with the ids that the requests name; the first links to the target. */
function postsFile(site: string, target: string): string {
  return `export const site = '${site}'
export type BlogPost = { id: string; url: string; title: string; html: string }
export const posts = new Map<string, BlogPost>(['7', '18521/60408081', '珈琲'].map((id) => [
  id,
  {
    ...{ id, url: \`${site}/post/\${id}\`, title: \`Post \${id} & <b>\` },
    html: id === '7' ? '<p>I read <a href="http://${target}/page">this</a>.</p>' : '<p>Text</p>',
  },
]))
`
}

/** Shows what comes at once, may ask the target, and says when it is closed. */
function forTrial(text: string, target: string): string {
  return text
    .replace('createReceiver, ', 'createHttpClient, createReceiver, ')
    .replace('    store,\n', "    store,\n    publish: 'always',\n")
    .replace(
      "blogName: 'My blog' }",
      `blogName: 'My blog', client: createHttpClient({ allowHosts: ['${target}'] }) }`,
    )
    .replace('await store.close()\n', `await store.close()\n    console.log('${closed}')\n`)
}

/** A command of `hosts.ts` by the runtime that stands for its first word. */
export type Runtimes = Readonly<Record<string, readonly string[]>>

/** Starts the host in its folder, asks it everything with `ask`, and stops it. */
export async function tryHost(
  host: Host,
  folder: string,
  runtimes: Runtimes,
  ask: (port: number, database: string, target: Target) => Promise<Failure[]>,
): Promise<Failure[]> {
  const port = await freePort()
  const target = await startTarget()
  try {
    writeFiles(folder, projectFiles(host, port, target.host))
    for (const command of host.build ?? []) {
      const [program = '', ...args] = withRuntime(command, runtimes)
      execFileSync(program, args, { cwd: folder, env: environment(port, runtimes), stdio: 'pipe' })
    }
    const [program = '', ...args] = withRuntime(host.start ?? ['node', 'server.ts'], runtimes)
    const start = args.map((arg) => (arg === '3000' ? String(port) : arg))
    const child = spawn(program, start, { cwd: folder, env: environment(port, runtimes), detached: true })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    try {
      await answering(port, child, () => said)
      const failures = await ask(port, join(folder, 'trackbacks.db'), target)
      return [...failures, ...(await stop(child, host, () => said))].map(({ what, got }) => ({
        what,
        got: got || said,
      }))
    } finally {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL')
    }
  } finally {
    target.close()
  }
}

function withRuntime([first = '', ...rest]: readonly string[], runtimes: Runtimes): string[] {
  return [...(runtimes[first] ?? [first]), ...rest]
}

function environment(port: number, { node: [node = process.execPath] = [] }: Runtimes): NodeJS.ProcessEnv {
  const PATH = `${dirname(node)}:${process.env['PATH']}`
  const quiet = {
    NODE_NO_WARNINGS: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
    NO_COLOR: '1',
  }
  return {
    ...process.env,
    ...quiet,
    NODE_ENV: undefined,
    VITEST: undefined,
    PATH,
    PORT: String(port),
    SITE: `http://127.0.0.1:${port}`,
    PASSWORD: password,
  }
}

async function answering(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${said()}`)
    if ((await send(port, { method: 'GET', path: '/post/7' })).status === 200) return
    await wait(100)
  }
  throw new Error(`no answer: ${said()}`)
}

/** An orderly end: all that was opened was closed. */
async function stop(child: ChildProcess, { end }: Host, said: () => string): Promise<Failure[]> {
  const ended = once(child, 'exit')
  process.kill(-(child.pid ?? 0), 'SIGTERM')
  const outcome = await Promise.race([ended, wait(20_000, 'late', { ref: false })])
  if (outcome === 'late') return [{ what: 'does not end on SIGTERM', got: '' }]
  if (end === 'at once') return []
  const wanted = end === 'signal' ? 'SIGTERM' : 0
  const isClosed = said().includes(closed)
  const how = child.signalCode ?? child.exitCode
  return how === wanted && isClosed ? [] : [{ what: `ends with ${how}, closed: ${isClosed}`, got: '' }]
}
