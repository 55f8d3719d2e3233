import { execFileSync } from 'node:child_process'
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

it('every TypeScript block of the README and the docs compiles against the package as it is', () => {
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'docs'))
      .filter((file) => file.endsWith('.md'))
      .map((file) => `docs/${file}`),
  ]
  const blocks = pages.flatMap(blocksOf)
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
