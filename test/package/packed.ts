// What users get: the tarball that npm would publish, and empty projects that it is installed into.
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** The doors of the package, as users import them. */
export const doors: readonly string[] = Object.keys(exports)
  .filter((entry) => entry !== './package.json')
  .map((entry) => name + entry.slice(1))

export interface Tarball {
  readonly path: string
  readonly filename: string
  readonly size: number
  readonly files: readonly string[]
}

/** Packs the project into a folder, as it was built before. */
export function pack(folder: string): Tarball {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [{ filename, files }] = JSON.parse(packed.slice(packed.indexOf('[')))
  const path = join(folder, filename)
  return {
    path,
    filename,
    size: statSync(path).size,
    files: files.map((file: { path: string }) => file.path),
  }
}

/** Makes an empty project and installs into it, without running anybody's scripts. */
export async function makeProject(folder: string, ...packages: readonly string[]): Promise<string> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline']
  await promisify(execFile)('npm', ['install', ...options, ...packages], { cwd: folder })
  return folder
}
