// examples/static as its README says: build, receiver, a ping, the list as JSON, build again, announce twice.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { root } from '../package/packed.js'
import { freePort } from '../support/ports.js'
import { type Failure, startTarget } from './probe.js'
import type { Runtimes } from './project.js'
import { requests, send } from './requests.js'

/** Runs the example in a folder where its packages are installed. */
export async function tryStaticSite(folder: string, { node = [] }: Runtimes): Promise<Failure[]> {
  const manifest = readFileSync(join(folder, 'package.json'))
  cpSync(join(root, 'examples/static'), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), manifest)
  const target = await startTarget()
  const [port, sitePort] = [await freePort(), await freePort()]
  const [RECEIVER, SITE] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${sitePort}`]
  const env = { ...process.env, RECEIVER, SITE, PORT: String(port), NODE_NO_WARNINGS: '1' }
  const [program = process.execPath, ...args] = node
  // Not execFileSync: what it runs asks servers of this process.
  const run = async (...more: string[]): Promise<string> => {
    return (await promisify(execFile)(program, [...args, ...more], { cwd: folder, env })).stdout
  }
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, file), 'utf8')
    if (!text.includes(from)) throw new Error(`${file} has no '${from}'`)
    writeFileSync(join(folder, file), text.replace(from, to))
  }
  edit('posts/hello.md', 'https://other.example/their-post', `http://${target.host}/page`)
  edit('receiver.js', '  store,\n', "  store,\n  publish: 'always',\n")
  edit('announce.js', ', site }', `, site, client: createHttpClient({ allowHosts: ['${target.host}'] }) }`)
  edit('announce.js', 'import { createSender', 'import { createHttpClient, createSender')

  const eleventy = 'node_modules/@11ty/eleventy/cmd.cjs'
  await run(eleventy)
  const pages = createServer((request, response) => {
    response.end(readFileSync(join(folder, '_site', request.url ?? '')))
  }).listen(sitePort)
  const receiver = spawn(program, [...args, 'receiver.js'], { cwd: folder, env, stdio: 'inherit' })
  try {
    const list = { method: 'GET', path: '/trackbacks.json' }
    for (let tries = 0; (await send(port, list)).status !== 200 && tries < 100; tries += 1) await wait(100)
    const ping = requests.get('EUC-JP undeclared raw')
    if (ping) await send(port, { ...ping, path: '/trackback/hello' })
    const listed = (await send(port, list)).body
    writeFileSync(join(folder, '_data/trackbacks.json'), listed)
    await run(eleventy)
    const page = readFileSync(join(folder, '_site/posts/hello/index.html'), 'utf8')
    const said = [await run('announce.js'), await run('announce.js')]
    receiver.kill('SIGTERM')
    const [status] = await once(receiver, 'exit')
    const checks: readonly [what: string, isRight: boolean, got: unknown][] = [
      ['list', page.includes('日本のブログ 表示ソ十能 珈琲'), page],
      ['autodiscovery', page.includes(`href="${RECEIVER}/trackback/hello"`), page],
      ['nothing private', !/clientIp|history/.test(listed), listed],
      ['announced once', target.pings.length === 1, [said, target.pings.map(String)]],
      ['orderly end', status === 0, status],
    ]
    return checks.flatMap(([what, isRight, got]) => (isRight ? [] : [{ what, got }]))
  } finally {
    receiver.kill('SIGKILL')
    pages.close()
    target.close()
  }
}
