// What installing the package brings into a project, and what may not be among it.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, type Tarball } from './packed.js'

const largest = 285_000
const most = 20

interface Manifest {
  readonly name: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { integrity?: string; resolved?: string; link?: boolean }>>
}

function read<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8'))
}

/** The tarball holds what the doors lead to and what people read, nothing else, and stays small. */
export function checkTarball({ size, files }: Tarball): void {
  if (size > largest) throw new Error(`the tarball has ${size} bytes, more than ${largest}`)
  const expected =
    /^(dist\/[\w./-]+(\.d\.ts|\.js)|package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/[\w.-]+\.md)$/
  const stray = files.filter((file) => !expected.test(file))
  if (stray.length > 0) throw new Error(`the tarball holds ${stray.join(', ')}`)
  const { exports = {} } = read<Manifest>(root, 'package.json')
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  )
  const needed = [...targets.map((target) => target.slice(2)), 'README.md', 'LICENSE', 'CHANGELOG.md']
  const missing = needed.filter((file) => !files.includes(file))
  if (missing.length > 0) throw new Error(`the tarball lacks ${missing.join(', ')}`)
}

/** Nothing that is installed with the package runs a script or a compiler. Returns how many packages that is. */
export function checkInstalled(project: string): number {
  const folders = packagesIn(join(project, 'node_modules'))
  const lifecycle = ['preinstall', 'install', 'postinstall']
  const running = folders.filter((folder) => {
    const { scripts = {} } = read<Manifest>(folder, 'package.json')
    return lifecycle.some((name) => name in scripts) || existsSync(join(folder, 'binding.gyp'))
  })
  if (running.length > 0) throw new Error(`these run a script when they are installed: ${running.join(', ')}`)
  if (folders.length > most)
    throw new Error(`installing brings ${folders.length} packages, more than ${most}`)
  return folders.length
}

/** Every package under a `node_modules`, also those that packages have of their own. */
function packagesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => {
      const path = join(folder, name)
      if (name.startsWith('@')) return packagesIn(path)
      return [path, ...packagesIn(join(path, 'node_modules'))]
    })
}

/** Whoever builds the project gets the same bytes: exact versions, each with its integrity, all from npm's registry. */
export function checkLockfile(): void {
  const { devDependencies = {} } = read<Manifest>(root, 'package.json')
  const loose = Object.entries(devDependencies).filter(
    ([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(version),
  )
  if (loose.length > 0) throw new Error(`not pinned: ${loose.map(([name]) => name).join(', ')}`)
  const { packages } = read<Lockfile>(root, 'package-lock.json')
  const unproven = Object.entries(packages)
    .filter(([path]) => path !== '')
    .filter(
      ([, { integrity = '', resolved = 'https://registry.npmjs.org/' }]) =>
        !integrity.startsWith('sha512-') || !resolved.startsWith('https://registry.npmjs.org/'),
    )
  if (unproven.length > 0)
    throw new Error(`the lockfile has no proof of ${unproven.map(([path]) => path).join(', ')}`)
}

/** Known holes in what users install. Throws where there are any; returns what to say about it. */
export function checkAudit(): string {
  let answer: string
  try {
    answer = execFileSync('npm', ['audit', '--omit=dev', '--json'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch (error) {
    answer = (error as { stdout: string }).stdout
  }
  const { metadata, message } = JSON.parse(answer)
  if (metadata === undefined) return `npm audit: not answered (${message})`
  const { total } = metadata.vulnerabilities
  if (total > 0) throw new Error(`npm audit finds ${total} holes:\n${answer}`)
  return 'npm audit: no known holes'
}
