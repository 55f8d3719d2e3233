import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { version } from '../../../src/http/version.js'
import { openSqlite } from '../../../src/sql/sqlite/open.js'
import { serveBlogs } from '../../send/blogs.js'
import { servePages } from '../../support/servers.js'
import { allow } from './running.js'

// The command as it is built: `npm test` builds it first.
const bin = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))

function start(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [bin, ...argv], { env: { ...process.env, ...env } })
  const texts = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    texts.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    texts.err += chunk
  })
  const ended = once(child, 'close').then(([status]) => ({ status, ...texts }))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, texts, ended }
}

describe('the command as it is built', () => {
  it('starts as a program of its own', () => {
    expect(readFileSync(bin, 'utf8').split('\n', 1)).toEqual(['#!/usr/bin/env node'])
    expect(statSync(bin).mode & 0o111).toBe(0o111)
    expect(execFileSync(bin, ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`)
  })

  it('ends with the status of what it did', async () => {
    const server = await servePages({ '/1': '<link rel="trackback" href="/tb/1">' })
    for (const [argv, status] of [
      [['--help'], 0],
      [['discover', `${server.origin}/1`, ...allow(server)], 0],
      [['discover', `${server.origin}/2`, ...allow(server)], 1],
      [['discover', `${server.origin}/1`], 1],
      [['discover'], 2],
      [[], 2],
    ] as const) {
      const { out, err, ...ended } = await start(argv).ended
      expect({ argv, ...ended }).toEqual({ argv, status })
      expect(out + err).not.toContain('\x1B')
      expect(err).not.toContain('    at ')
    }
  })

  it('loads nothing of the library to show its help', () => {
    const loadedBy = (...argv: string[]): string[] => {
      const env = { ...process.env, NODE_DEBUG: 'esm' }
      const { stderr } = spawnSync(process.execPath, [bin, ...argv], { encoding: 'utf8', env })
      return [...stderr.matchAll(/Storing \S*\/node_modules\/([^/]+)/g)].map(([, name]) => name ?? '')
    }
    expect(loadedBy('--help')).toEqual([])
    expect(loadedBy('announce', '--help')).toEqual([])
    expect(loadedBy('discover', 'http://10.0.0.1/')).toContain('undici')
  })

  it('ends quietly where its reader goes away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trackbacks-process-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const db = join(folder, 'a.db')
    const store = openSqlite(db)
    const texts = {
      title: 'T'.repeat(200),
      excerpt: 'E'.repeat(400),
      blogName: 'B',
      charset: 'utf-8',
      charsetSource: 'utf-8',
    }
    for (let id = 0; id < 400; id += 1) {
      const url = `http://a.example/${id}`
      await store.add({
        postId: '7',
        blog: '',
        url,
        sourceKey: url,
        ...texts,
        receivedAt: 1,
        clientIp: null,
        state: 'held',
      })
    }
    await store.close()
    const { child, ended } = start(['moderate', db, '--limit', '400'])
    child.stdout.once('data', () => child.stdout.destroy())
    const { status, err } = await ended
    expect({ status, err }).toEqual({ status: 141, err: '' })
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends a listener cleanly by %s', async (signal, status) => {
    const { child, texts, ended } = start(['listen', '--port', '0'])
    await expect.poll(() => texts.out, { timeout: 20_000 }).toContain('stored in')
    child.kill(signal)
    const { err, out, ...rest } = await ended
    expect({ ...rest, err }).toEqual({ status, err: '' })
    expect(out.endsWith('0 pings received.\n')).toBe(true)
  })

  it('hides that node:sqlite is experimental, and no other warning', async () => {
    const warn = `process.emitWarning('is new', 'ExperimentalWarning'); process.emitWarning('is old', 'DeprecationWarning')`
    const script = `process.once('SIGUSR2', () => { ${warn} })`
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(script)}`
    const { child, texts, ended } = start(['listen', '--port', '0'], { NODE_OPTIONS })
    await expect.poll(() => texts.out, { timeout: 20_000 }).toContain('stored in')
    child.kill('SIGUSR2')
    await expect.poll(() => texts.err, { timeout: 20_000 }).toContain('DeprecationWarning: is old')
    child.kill('SIGINT')
    expect((await ended).err).not.toContain('is new')
  })

  it('is not held open by a request that hangs', async () => {
    const blogs = await serveBlogs(() => new Promise<boolean>(() => {}))
    const { child, ended } = start(['discover', `${blogs.origin}/post/1`, '--timeout', '60', ...allow(blogs)])
    await expect.poll(() => blogs.requests.length, { timeout: 20_000 }).toBe(1)
    child.kill('SIGINT')
    expect(await ended).toEqual({ status: 130, out: '', err: '' })
  })

  it('has colours with FORCE_COLOR, and none in a pipe', async () => {
    expect((await start(['--help']).ended).out).not.toContain('\x1B')
    expect((await start(['--help'], { FORCE_COLOR: '1', NO_COLOR: '' }).ended).out).toContain('\x1B[1m')
  })
})

const hasScript = spawnSync('script', ['--version']).status === 0

describe.skipIf(!hasScript)('the command on a terminal', () => {
  function onTerminal(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const line = [process.execPath, bin, ...argv].map((word) => `'${word}'`).join(' ')
    const child = spawn('script', ['-qec', `stty cols 80; ${line}`, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '', FORCE_COLOR: undefined, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    return once(child, 'close').then(() => text)
  }

  it('has colours and a progress line, with NO_COLOR the line alone, and neither where it is dumb', async () => {
    const blogs = await serveBlogs()
    const mine = await servePages({ '/hello': `<main><a href="${blogs.origin}/post/1">it</a></main>` })
    const argv = ['announce', `${mine.origin}/hello`, ...allow(mine, blogs)]
    const colored = await onTerminal(argv)
    expect(colored).toContain('\x1B[32maccepted\x1B[39m')
    expect(colored).toMatch(/\r\x1B\[KWaiting for 127\.0\.0\.1:\d+\r/)
    const plain = await onTerminal(argv, { NO_COLOR: '1' })
    expect(plain).not.toMatch(/\x1B\[\d+m/)
    expect(plain).toContain('\r\x1B[KWaiting for ')
    const dumb = await onTerminal(argv, { TERM: 'dumb' })
    expect(dumb).not.toContain('\x1B')
  })
})
