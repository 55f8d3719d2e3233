import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const src = join(root, 'src')

/** The floors of the house: a file imports from its own floor and from those below, never from one above. */
const floors: Record<string, number> = {
  text: 1,
  protocol: 2,
  http: 3,
  store: 4,
  sql: 4,
  jobs: 4,
  discover: 5,
  render: 5,
  send: 6,
  receive: 6,
  cli: 8,
}
/** The doors above all rooms: they import from the library; the program starts the command line. */
const door = 7
const program = 9
const ground = ['errors.ts', 'limits.ts', 'types.ts', 'waiting.ts']
const owners: Record<string, string> = {
  undici: 'http/client.ts',
  'fast-xml-parser': 'protocol/xml.ts',
  parse5: 'text/html.ts',
  'iconv-lite': 'text/decode.ts',
  tldts: 'receive/flood-keys.ts',
}
const optionalPeers = ['node:sqlite', 'bun:sqlite', 'better-sqlite3', 'libsql', 'pg', 'postgres', 'pg-boss']

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'))
  .sort()

function read(file: string): string {
  return readFileSync(join(src, file), 'utf8')
}

function importsOf(file: string): string[] {
  const text = read(file)
  const found = [
    ...text.matchAll(/^(?:import|export|\}).*? from '([^'\n]+)'$/gm),
    ...text.matchAll(/\bimport\('([^'\n]+)'\)/g),
  ]
  return found.map((match) => match[1] ?? '')
}

function floorOf(file: string): number {
  const [folder, ...rest] = file.split('/')
  if (rest.length === 0) return ground.includes(file) ? 0 : file === 'cli.ts' ? program : door
  return floors[folder ?? ''] ?? Number.NaN
}

const doors = files.filter((file) => floorOf(file) === door)

describe('the architecture', () => {
  it('has only the rooms of the design', () => {
    expect(files.filter((file) => Number.isNaN(floorOf(file)))).toEqual([])
  })

  it('lets no file import from a floor above its own', () => {
    const upward = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => relative(src, join(src, dirname(file), specifier)).replace(/\.js$/, '.ts'))
        .filter((target) => floorOf(target.replaceAll('\\', '/')) > floorOf(file))
        .map((target) => `${file} -> ${target}`),
    )
    expect(upward).toEqual([])
  })

  it('gives each runtime dependency one importer', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(Object.keys(owners).sort()).toEqual(Object.keys(dependencies).sort())
    for (const [name, owner] of Object.entries(owners)) {
      const isFrom = (specifier: string) => specifier === name || specifier.startsWith(`${name}/`)
      expect(files.filter((file) => importsOf(file).some(isFrom))).toEqual([owner])
    }
  })

  it('imports nothing but its dependencies, the platform and itself', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const foreign = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .filter((specifier) => !((specifier.split('/')[0] ?? '') in dependencies))
        // It becomes part of the program; see build.mjs.
        .filter((specifier) => !(specifier === 'commander' && file.startsWith('cli/'))),
    )
    expect(foreign).toEqual([])
    for (const peer of optionalPeers)
      expect(files.filter((file) => importsOf(file).includes(peer))).toEqual([])
  })

  it('lets the command line import nothing of the library that others cannot import', () => {
    const deep = files
      .filter((file) => file.startsWith('cli/'))
      .flatMap((file) => importsOf(file).map((specifier) => join(dirname(file), specifier)))
      .map((target) => target.replaceAll('\\', '/').replace(/\.js$/, '.ts'))
      .filter((target) => files.includes(target) && !target.startsWith('cli/') && floorOf(target) !== door)
    expect(deep).toEqual([])
  })

  it('keeps text/ and protocol/ free of Node-only modules', () => {
    const pure = files.filter((file) => floorOf(file) === 1 || floorOf(file) === 2)
    expect(pure.filter((file) => importsOf(file).some((specifier) => specifier.startsWith('node:')))).toEqual(
      [],
    )
  })

  it('never asks URL.canParse, which on Node 20 refuses names with an umlaut once it is optimised', () => {
    expect(files.filter((file) => /URL\.canParse\(/.test(read(file)))).toEqual([])
  })

  it('keeps receive/, send/ and discover/ from the adapters', () => {
    const algorithms = files.filter((file) => /^(receive|send|discover)\//.test(file))
    const adapter = /store\/memory|sql\/|jobs\/pg-boss/
    expect(algorithms.filter((file) => importsOf(file).some((specifier) => adapter.test(specifier)))).toEqual(
      [],
    )
  })

  it('has doors that only re-export, one for each entry of the package', () => {
    for (const door of doors) {
      const statements = read(door).replace(/export (type )?\{[^}]*\} from '[^']+'/g, '')
      expect(statements.trim(), door).toBe('')
    }
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const entries = Object.keys(exports).filter((entry) => entry !== './package.json')
    expect(entries.map((entry) => (entry === '.' ? 'index.ts' : `${entry.slice(2)}.ts`)).sort()).toEqual(
      doors,
    )
  })

  it('has a program that only starts, and is what package.json runs', () => {
    expect(read('cli.ts')).toMatch(
      /^#!\/usr\/bin\/env node\nimport \{ (\w+) \} from '[^']+'\n\nawait \1\(\)\n$/,
    )
    const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(bin).toEqual({ trackbacks: './dist/cli.js' })
  })

  it('stays small: no file over 300 lines, each part within its lines of code, the main door under 25 values', () => {
    expect(files.filter((file) => read(file).split('\n').length > 300)).toEqual([])
    const [program, page] = [/^cli\//, /^receive\/moderation-page\//]
    const linesOfCode = (some: string[]): number =>
      some.flatMap((file) =>
        read(file)
          .split('\n')
          .filter((line) => !/^\s*(\/\/|\/?\*|$)/.test(line)),
      ).length
    expect(linesOfCode(files.filter((file) => program.test(file)))).toBeLessThan(1600)
    expect(linesOfCode(files.filter((file) => page.test(file)))).toBeLessThan(1800)
    expect(linesOfCode(files.filter((file) => !program.test(file) && !page.test(file)))).toBeLessThan(10_500)
    const names = [...read('index.ts').matchAll(/export \{([^}]*)\}/g)].flatMap((match) =>
      (match[1] ?? '').split(','),
    )
    expect(names.filter((name) => name.trim() && !name.trim().startsWith('type ')).length).toBeLessThan(25)
  })
})
