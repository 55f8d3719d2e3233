import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'coverage/docs')

/** What the pages take for granted: a blog engine's own names, and what an earlier block of the page has made. */
const context = `
import type { Receiver, Sender, Store, Trackback } from 'trackbacks'
declare global {
  interface BlogPost { id: string; url: string; title: string; html: string; isPublic: boolean; permalink: string; date: Date }
  const blog: { find(id: string): Promise<BlogPost | undefined> }
  const posts: Map<string, BlogPost>
  const post: BlogPost
  const receiver: Receiver
  const sender: Sender
  const store: Store
  const trackback: Trackback
  const queue: import('trackbacks/testing').Queue
  const toNodeHandler: typeof import('trackbacks/node').toNodeHandler
  const createSender: typeof import('trackbacks').createSender
  function createMyStore(): Store
}
`

function blocksOf(page: string): { name: string; code: string }[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match, index) => ({
    name: `${page.replace(/\W/g, '-')}-${index + 1}.ts`,
    code: match[1] ?? '',
  }))
}

/** What keeps a block from being run here: it asks other hosts, listens on a port, or stands for what the reader has. */
const cannotRun = [/\bdiscover/, /\b(sendPing|announce|preview|retry)\(/, /\.listen\(\d/, /\bdeclare const\b/]
const needsServer = [/from 'vitest'/, /from 'pg'/, /from 'pg-boss'/]

/** The names of the context, with something behind them. */
const world = `
import { createMemoryStore, createReceiver, createSender } from 'trackbacks'
import { toNodeHandler } from 'trackbacks/node'
const store = createMemoryStore()
const post = { id: '7', url: 'https://my.blog/7', title: 'Hello', html: '<p>Hello</p>', isPublic: true, permalink: 'https://my.blog/7', date: new Date() }
const posts = new Map([[post.id, post]])
const findPost = (id) => posts.get(id) ?? null
const receiver = createReceiver({ baseUrl: 'https://my.blog/trackback/', findPost, store })
const sender = createSender({ store: createMemoryStore(), blogName: 'My blog' })
const queue = { async enqueue() {}, listen() {}, async close() {} }
Object.assign(globalThis, { store, post, posts, receiver, sender, queue, toNodeHandler, createSender, blog: { find: async () => post } })
`

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    // What frameworks.md shows is run by test/frameworks; reference.md is made from the doc comments.
    .filter((file) => file.endsWith('.md') && !['frameworks.md', 'reference.md'].includes(file))
    .map((file) => `docs/${file}`),
]
const blocks = pages.flatMap(blocksOf)

it('every TypeScript block of the README and the docs compiles against the package as it is', () => {
  expect(blocks.length).toBeGreaterThan(10)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'context.ts'), context)
  for (const { name, code } of blocks) writeFileSync(join(folder, name), `${code}\nexport {}\n`)
  const options = {
    extends: '../../tsconfig.json',
    include: ['*.ts'],
    compilerOptions: { noImplicitAny: false, noUnusedLocals: false, noUnusedParameters: false },
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
  let errors = ''
  try {
    execFileSync('node', [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      cwd: root,
      encoding: 'utf8',
    })
  } catch (error) {
    errors = (error as { stdout: string }).stdout
  }
  expect(errors).toBe('')
})

it('every block that needs no other host runs', () => {
  const runnable = blocks.filter(
    ({ code }) => ![...cannotRun, ...needsServer].some((reason) => reason.test(code)),
  )
  expect(runnable.length).toBeGreaterThan(20)
  const here = join(folder, 'run')
  rmSync(here, { recursive: true, force: true })
  mkdirSync(join(here, 'lists'), { recursive: true })
  writeFileSync(join(here, 'lists/words.txt'), 'casino\n')
  writeFileSync(join(here, 'world.ts'), world)
  for (const { name, code } of runnable) writeFileSync(join(here, name), `${code}\nexport {}\n`)
  const imports = runnable.map(
    ({ name }) => `await import('./${name}').catch((error) => failed('${name}', error))`,
  )
  const failed = 'const failed = (name, error) => console.error(name, error)'
  writeFileSync(
    join(here, 'all.mjs'),
    ["import './world.ts'", failed, ...imports, 'process.exit()', ''].join('\n'),
  )
  const { stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'all.mjs'], {
    cwd: here,
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  })
  expect(stderr).toBe('')
})

it('the reference is that of the sources: npm run reference', () => {
  const made = execFileSync('node', ['reference.mjs', '--print'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  })
  expect(readFileSync(join(root, 'docs/reference.md'), 'utf8') === made).toBe(true)
})

/** Whether a line of code has the text in a string, as titles of tests are. */
function isQuoted(line: string, text: string): boolean {
  const at = line.indexOf(text)
  return at > 0 && /^[^/]*['"`]/.test(line.slice(0, at)) && /['"`]/.test(line.slice(at + text.length))
}

it('every test that the threat model names is there, and every threat names one', () => {
  const page = readFileSync(join(root, 'docs/threat-model.md'), 'utf8')
  const rows = [...page.matchAll(/^\| ([A-Z]\d) \|.*$/gm)]
  expect(rows.length).toBeGreaterThan(30)
  expect(new Set(rows.map(([, label]) => label)).size).toBe(rows.length)
  for (const [row, label] of rows) {
    const named = [...row.matchAll(/`((?:test|src)\/[^`]+)`((?: “[^”]+”)+)/g)]
    expect(named.length, label).toBeGreaterThan(0)
    for (const [, file = '', titles = ''] of named) {
      const tests = readFileSync(join(root, file), 'utf8')
      for (const [, title = ''] of titles.matchAll(/“([^”]+)”/g)) {
        expect(
          tests.split('\n').some((line) => isQuoted(line, title)),
          `${label}: ${file} has no “${title}”`,
        ).toBe(true)
      }
    }
  }
})

it('every description in the declarations stands on a line of its own, where editors find it', () => {
  const declarations = readdirSync(join(root, 'dist')).filter((file) => file.endsWith('.d.ts'))
  const lost = declarations.filter((file) =>
    / \/\*\*.*\*\/$/m.test(readFileSync(join(root, 'dist', file), 'utf8').replace(/^ +/gm, '')),
  )
  expect(declarations).toContain('index.d.ts')
  expect(lost).toEqual([])
})
