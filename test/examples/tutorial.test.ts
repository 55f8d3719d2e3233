import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { freePort } from '../support/ports.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'coverage/tutorial', String(process.pid))
const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.filter(({ exitCode }) => exitCode === null)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** The tutorial on free ports: its files are written, its commands are returned. */
async function prepare(): Promise<string[]> {
  let page = readFileSync(join(root, 'docs/tutorial.md'), 'utf8')
  for (const port of ['3000', '4000', '4080']) page = page.replaceAll(port, String(await freePort()))
  const port = /127\.0\.0\.1:(\d+)\/post\/7/.exec(page)?.[1]
  page = page.replace('trackbacks listen', `trackbacks listen --port ${port}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [, code = '', file = ''] of page.matchAll(/^```js\n(\/\/ (\S+)\n[\s\S]*?)^```$/gm))
    writeFileSync(join(folder, file), code)
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, lines = '']) => lines.trim().split('\n'))
}

/** Starts a command of the tutorial; returns what it has printed so far, whenever it is asked. */
function start(command: string): { child: ChildProcess; said: () => string } {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '')
  const cli = join(root, 'dist/cli.js')
  const args = words[0] === 'npx' ? [cli, ...words.slice(2)] : words.slice(1)
  const env = { ...process.env, NODE_NO_WARNINGS: '1', NO_COLOR: '1' }
  const child = spawn(process.execPath, args, { cwd: folder, env })
  children.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
  return { child, said: () => text }
}

it('the tutorial, followed word by word, shows a trackback under a post, and ends in order', async () => {
  const commands = await prepare()
  const [listen = '', blog = '', other = '', send = ''] = commands.filter((line) => /^(node|npx) /.test(line))
  const listener = start(listen)
  await expect.poll(listener.said, { timeout: 20_000 }).toContain('/post/')
  const server = start(blog)
  await expect.poll(server.said, { timeout: 20_000 }).toMatch(/found [\s\S]*discovered [\s\S]*accepted /)
  await expect.poll(listener.said, { timeout: 20_000 }).toMatch(/published|verified/i)
  start(other)
  const ping = start(send)
  expect([await once(ping.child, 'exit'), ping.said()]).toEqual([
    [0, null],
    expect.stringContaining('Accepted'),
  ])
  await expect.poll(server.said, { timeout: 20_000 }).toMatch(/received [\s\S]*verified [\s\S]*published /)
  const [site] = /http:\/\/127\.0\.0\.1:\d+/.exec(send) ?? []
  for (const path of ['/post/1', '/moderation/published'])
    expect(await (await fetch(site + path)).text()).toMatch(/href="http:\/\/localhost:\d+\/coffee"/)
  server.child.kill('SIGTERM')
  expect(await once(server.child, 'exit')).toEqual([0, null])
})
