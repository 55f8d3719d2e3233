import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from '../package/packed.js'
import { type Files, filesOf, sharedFiles } from './blocks.js'
import { otherHosts, ownHosts } from './hosts.js'
import { probe } from './probe.js'
import { projectFiles, tryHost } from './project.js'

const folder = join(root, 'coverage/frameworks', String(process.pid))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const runtimes = { node: [process.execPath, '--import', 'tsx'] }
const folderOf = (name: string): string => join(folder, name.replace(/\W+/g, '-'))

describe.concurrent('the integrations of docs/frameworks.md', () => {
  it.each(ownHosts)('$name answers and stores as node:http does', { timeout: 60_000 }, async (host) => {
    mkdirSync(folderOf(host.name), { recursive: true })
    expect(await tryHost(host, folderOf(host.name), runtimes, probe)).toEqual([])
  })
})

it('their files compile as they stand', () => {
  const here = join(folder, 'types')
  const options = {
    extends: '../../../../tsconfig.json',
    include: ['.'],
    compilerOptions: { allowImportingTsExtensions: true },
  }
  for (const host of ownHosts) {
    for (const [path, text] of Object.entries(projectFiles(host, 4000, '127.0.0.1:4001'))) {
      mkdirSync(join(here, host.section), { recursive: true })
      writeFileSync(join(here, host.section, path), text)
    }
  }
  writeFileSync(join(here, 'tsconfig.json'), JSON.stringify(options))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  expect(spawnSync('node', [tsc, '-p', here], { encoding: 'utf8' }).stdout).toBe('')
})

const examples = { express: 'Express', hono: 'Hono', next: 'Next', astro: 'Astro and SvelteKit' }

it.each(Object.entries(examples))('examples/%s has the files that the page shows', (name, section) => {
  const folder = { next: 'lib/', astro: 'src/lib/' }[name] ?? ''
  const isTwin = (path: string): boolean => name === 'astro' && /^(vite\.config|src\/routes)/.test(path)
  const shared = Object.entries(sharedFiles(folder !== '')).map(([path, text]) => [folder + path, text])
  const shown: Files = { ...filesOf(section), ...Object.fromEntries(shared) }
  for (const [path, text] of Object.entries(shown).filter(([path]) => !isTwin(path)))
    expect(readFileSync(join(root, 'examples', name, path), 'utf8'), path).toBe(text)
})

it.each([...Object.keys(examples), 'static'])('examples/%s has 60 lines of its own at the most', (name) => {
  // Beside them: the posts, the templates, and what the framework's starter makes.
  const isOwn = (path: string): boolean =>
    /\.(ts|tsx|js)$/.test(path) && !/(^|\/)(posts\.ts|page\.tsx|layout\.tsx|\w+\.config\.\w+)$/.test(path)
  const files = readdirSync(join(root, 'examples', name), { recursive: true, encoding: 'utf8' }).filter(isOwn)
  const lines = files.flatMap((path) => readFileSync(join(root, 'examples', name, path), 'utf8').split('\n'))
  expect(lines.filter((line) => !/^\s*(\/\/.*|\/\*\*.*)?$/.test(line)).length).toBeLessThanOrEqual(60)
})

it('every section with a server of the page is run', () => {
  const page = readFileSync(join(root, 'docs/frameworks.md'), 'utf8')
  const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading)
  const run = [...ownHosts, ...otherHosts].map(({ section }) => section)
  expect(sections.filter((heading) => heading !== 'What they share' && !run.includes(heading))).toEqual([])
})
