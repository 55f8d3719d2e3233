// What users get: the packed tarball, installed into an empty project, imported by every door, and type-checked there.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const largest = 140_000
const folder = mkdtempSync(join(tmpdir(), 'trackbacks-package-'))

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8' })
}

try {
  const { exports, name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  })
  const [{ filename, files }] = JSON.parse(packed.slice(packed.indexOf('[')))
  const { size } = statSync(join(folder, filename))
  if (size > largest) throw new Error(`the tarball has ${size} bytes, more than ${largest}`)
  const stray = files
    .map(({ path }: { path: string }) => path)
    .filter((path: string) => !/^(dist\/|package\.json|README|LICENSE|CHANGELOG)/.test(path))
  if (stray.length > 0) throw new Error(`the tarball holds ${stray.join(', ')}`)

  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  run('npm', 'install', '--no-audit', '--no-fund', `./${filename}`)
  const doors = Object.keys(exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => name + entry.slice(1))
  writeFileSync(
    join(folder, 'use.mjs'),
    doors.map((door) => `console.log('${door}', Object.keys(await import('${door}')).length)`).join('\n'),
  )
  process.stdout.write(run('node', 'use.mjs'))
  const help = run('npx', '--no-install', name, '--help')
  if (!help.startsWith(`${name}: `)) throw new Error(`npx ${name} --help says: ${help}`)

  writeFileSync(
    join(folder, 'use.ts'),
    [
      ...doors.map((door, index) => `import * as door${index} from '${door}'`),
      `console.log(${doors.map((_, index) => `door${index}`).join(', ')})`,
      `import { sendPing, type PingResult } from '${name}'`,
      `export const result: Promise<PingResult> = sendPing('https://a.example/tb/1', { url: 'https://b.example/' })`,
    ].join('\n'),
  )
  run('npm', 'install', '--no-audit', '--no-fund', '@types/node@20')
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', 'use.ts']
  run('node', compiler, '--module', 'nodenext', ...options)
  run('node', compiler, '--module', 'esnext', '--moduleResolution', 'bundler', ...options)
  console.log(
    `${filename}: ${size} bytes, ${files.length} files, ${doors.length} doors, types check in nodenext and bundler`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
