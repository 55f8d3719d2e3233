import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const src = join(root, 'src')
const { exports, dependencies, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What was asked for, complete without the rest. */
const core = ['receive', 'send', 'discover', 'render', 'store', 'queue', 'http', 'protocol', 'text', 'base']
/** What stands beside it: it may import the core, and could be deleted without the core noticing. */
const beside = ['sql', 'pg-boss', 'feeds', 'testing', 'programs']
/** Lines of code, without comments and blank lines. A number changes only with the design. */
const budgets = { core: 8500, everything: 13_500 }
const mostFilesInAFolder = 14

const owners: Record<string, string> = {
  undici: 'http/client.ts',
  entities: 'text/references.ts',
  'iconv-lite': 'text/charset/decode.ts',
  tldts: 'receive/policy/flood-keys.ts',
}
const optionalPeers = ['node:sqlite', 'bun:sqlite', 'better-sqlite3', 'libsql', 'pg', 'postgres', 'pg-boss']

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'))
  .sort()
const entryPoints = files.filter((file) => !file.includes('/') && file !== 'cli.ts')

function read(file: string): string {
  return readFileSync(join(src, file), 'utf8')
}

function specifiersOf(file: string): string[] {
  const text = read(file)
  const found = [
    ...text.matchAll(/^(?:import|export|\}).*? from '([^'\n]+)'$/gm),
    ...text.matchAll(/\bimport\('([^'\n]+)'\)/g),
  ]
  return found.map((match) => match[1] ?? '')
}

/** The files of the project that a file imports. */
function importsOf(file: string): string[] {
  return specifiersOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => join(dirname(file), specifier).replaceAll('\\', '/').replace(/\.js$/, '.ts'))
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? ''
}

function isCore(file: string): boolean {
  return core.includes(roomOf(file))
}

/** The circles of a graph: its strongly connected parts of more than one node (Tarjan). */
function circlesOf(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const visit = (node: string): number => {
    const index = order.size
    order.set(node, index)
    let low = index
    open.push(node)
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next))
      else if (open.includes(next)) low = Math.min(low, order.get(next) ?? low)
    }
    lowest.set(node, low)
    if (low === index) {
      const part = open.splice(open.indexOf(node))
      if (part.length > 1) circles.push(part.sort())
    }
    return low
  }
  for (const node of edges.keys()) if (!order.has(node)) visit(node)
  return circles
}

function folderEdges(): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>()
  for (const file of files.filter((each) => each.includes('/'))) {
    const from = dirname(file)
    const targets = edges.get(from) ?? new Set()
    for (const target of importsOf(file)) {
      if (target.includes('/') && dirname(target) !== from) targets.add(dirname(target))
    }
    edges.set(from, targets)
  }
  return edges
}

function linesOfCode(some: readonly string[]): number {
  return some.flatMap((file) =>
    read(file)
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.trim().startsWith('//')),
  ).length
}

describe('the architecture', () => {
  it('has only the folders of the design', () => {
    const folders = new Set(files.filter((file) => file.includes('/')).map(roomOf))
    expect([...folders].filter((folder) => ![...core, ...beside].includes(folder))).toEqual([])
  })

  it('finds a circle where there is one', () => {
    const edges = { a: ['b'], b: ['c'], c: ['a', 'd'], d: [], e: ['a'] }
    expect(circlesOf(new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)])))).toEqual([
      ['a', 'b', 'c'],
    ])
  })

  it('has no circle of imports, neither between files nor between folders', () => {
    expect(circlesOf(new Map(files.map((file) => [file, new Set(importsOf(file))])))).toEqual([])
    expect(circlesOf(folderEdges())).toEqual([])
  })

  it('lets the core import nothing that stands beside it', () => {
    const strays = files
      .filter(isCore)
      .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
      .filter(({ target }) => !isCore(target))
    expect(strays).toEqual([])
  })

  it('lets the command line import the entry points of the package, as any author would', () => {
    const strays = files
      .filter((file) => file.startsWith('programs/cli/'))
      .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
      .filter(({ target }) => roomOf(target) !== 'programs' && !entryPoints.includes(target))
    expect(strays).toEqual([])
  })

  it('gives each runtime dependency one importer', () => {
    expect(Object.keys(owners).sort()).toEqual(Object.keys(dependencies).sort())
    for (const [name, owner] of Object.entries(owners)) {
      const isFrom = (specifier: string) => specifier === name || specifier.startsWith(`${name}/`)
      expect(files.filter((file) => specifiersOf(file).some(isFrom))).toEqual([owner])
    }
  })

  it('imports nothing but its dependencies, the platform and itself; a program may bundle commander', () => {
    const foreign = files.flatMap((file) =>
      specifiersOf(file)
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .filter((specifier) => !((specifier.split('/')[0] ?? '') in dependencies))
        .filter((specifier) => !(specifier === 'commander' && file.startsWith('programs/cli/'))),
    )
    expect(foreign).toEqual([])
    for (const peer of optionalPeers)
      expect(files.filter((file) => specifiersOf(file).includes(peer))).toEqual([])
  })

  it('keeps text/ and protocol/ free of Node-only modules', () => {
    const pure = files.filter((file) => roomOf(file) === 'text' || roomOf(file) === 'protocol')
    expect(
      pure.filter((file) => specifiersOf(file).some((specifier) => specifier.startsWith('node:'))),
    ).toEqual([])
  })

  it('never asks URL.canParse, which on Node 20 refuses names with an umlaut once it is optimised', () => {
    expect(files.filter((file) => /URL\.canParse\(/.test(read(file)))).toEqual([])
  })

  it('keeps receive/, send/ and discover/ from the store in memory: they know the interface alone', () => {
    const algorithms = files.filter((file) => /^(receive|send|discover)\//.test(file))
    const isMemory = (target: string) => target.startsWith('store/memory/')
    expect(algorithms.filter((file) => importsOf(file).some(isMemory))).toEqual([])
  })

  it('has entry points that only re-export, one for each entry of the package', () => {
    for (const file of entryPoints) {
      const statements = read(file).replace(/export (type )?\{[^}]*\} from '[^']+'/g, '')
      expect(statements.trim(), file).toBe('')
    }
    const entries = Object.keys(exports).filter((entry) => entry !== './package.json')
    const names = entries.map((entry) => (entry === '.' ? 'index.ts' : `${entry.slice(2)}.ts`))
    expect(names.sort()).toEqual(entryPoints)
  })

  it('has a program that only starts, and is what package.json runs', () => {
    expect(read('cli.ts')).toMatch(
      /^#!\/usr\/bin\/env node\nimport \{ (\w+) \} from '[^']+'\n\nawait \1\(\)\n$/,
    )
    expect(bin).toEqual({ trackbacks: './dist/cli.js' })
  })

  it('stays small: the budgets of the design, files of 300 lines, folders of about a dozen files, 20 values', () => {
    expect(linesOfCode(files.filter(isCore))).toBeLessThanOrEqual(budgets.core)
    expect(linesOfCode(files)).toBeLessThanOrEqual(budgets.everything)
    expect(files.filter((file) => read(file).split('\n').length > 300)).toEqual([])
    const folders = files.filter((file) => file.includes('/')).map((file) => dirname(file))
    const sizeOf = (folder: string) => folders.filter((each) => each === folder).length
    expect([...new Set(folders)].filter((folder) => sizeOf(folder) > mostFilesInAFolder)).toEqual([])
    const names = [...read('index.ts').matchAll(/export \{([^}]*)\}/g)].flatMap((match) =>
      (match[1] ?? '').split(','),
    )
    const values = names.filter((name) => name.trim() && !name.trim().startsWith('type '))
    expect(values.length).toBeLessThanOrEqual(20)
  })
})
