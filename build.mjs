// Builds dist/: the declarations by tsc, the code by esbuild, one file for each door and what doors share in chunks of
// their own. A hundred small modules would take Node longer to load than all dependencies together.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const dist = 'dist'
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
const doors = Object.values(exports).flatMap(({ types }) => (types ? [types.slice('./dist/'.length)] : []))

rmSync(dist, { recursive: true, force: true })
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })

// What no door's declarations lead to is of no use to anybody.
const reached = new Set()
function reach(file) {
  if (reached.has(file)) return
  reached.add(file)
  for (const [, specifier] of readFileSync(join(dist, file), 'utf8').matchAll(
    /(?:from |import\()['"](\.[^'"]+)['"]/g,
  )) {
    reach(join(dirname(file), specifier.replace(/\.js$/, '.d.ts')))
  }
}
for (const door of doors) reach(door)
for (const file of readdirSync(dist, { recursive: true })) {
  if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(join(dist, file))
}

await build({
  entryPoints: doors.map((door) => join('src', door.replace(/\.d\.ts$/, '.ts'))),
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  packages: 'external',
  minify: true,
  chunkNames: 'shared-[hash]',
  logLevel: 'warning',
})
