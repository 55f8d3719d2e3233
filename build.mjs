// Builds dist/: one file of code and one of declarations for each entry point, and chunks for what they share. A hundred
// small modules would take Node longer to load than all dependencies together, and only what an entry point exports is
// declared. Our own code is not minified: it can be read, and stack traces have names.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { minifySync } from 'rolldown/utils'
import { dts } from 'rolldown-plugin-dts'

if (process.env.TRACKBACK_BUILT) process.exit() // by who runs many scripts of one state, as .ci/run does

const dist = 'dist'
const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'))
const doors = Object.values(exports).flatMap(({ types }) =>
  types ? [types.slice('./dist/'.length, -'.d.ts'.length)] : [],
)

const programs = Object.values(bin).map((file) => file.slice('./dist/'.length, -'.js'.length))

/** Only the command line needs these: they become part of it, and are not installed with the package. */
const bundled = ['commander']
const external = (id) => /^[a-z@]/.test(id) && !bundled.includes(id)

/** Puts the text of `page.css?raw` and its like into the code, as vite does for the tests. */
const raw = {
  name: 'raw',
  resolveId: (id, importer) => (id.endsWith('?raw') ? join(dirname(importer), id) : null),
  load(id) {
    if (!id.endsWith('?raw')) return null
    const text = readFileSync(id.slice(0, -'?raw'.length), 'utf8')
    return { code: `export default \`${text.replace(/[\\`]|\$\{/g, '\\$&')}\``, moduleType: 'js' }
  },
}

/** Makes what is bundled small, and keeps its licence. */
const shrink = {
  name: 'shrink',
  generateBundle(_, chunks) {
    for (const chunk of Object.values(chunks).filter(({ name }) => bundled.includes(name))) {
      const licence = readFileSync(`node_modules/${chunk.name}/LICENSE`, 'utf8')
      const { code } = minifySync(chunk.fileName, chunk.code, { module: true })
      chunk.code = `/*! ${chunk.name}\n${licence}*/\n${code}`
    }
  },
}

/** Puts each description on a line of its own: editors take one that follows `;` for a note on what stands before it. */
const described = {
  name: 'described',
  renderChunk: (code) => code.replace(/; (\/\*\*.*\*\/)$/gm, ';\n  $1'),
}

async function bundle(names, folder, extension, options, output) {
  const input = Object.fromEntries(names.map((name) => [name, join(folder, name + extension)]))
  // Comments that name where each part came from would hold the path of the folder for declarations.
  const experimental = { attachDebugInfo: 'none' }
  const build = await rolldown({ input, external, platform: 'node', experimental, ...options })
  await build.write({ dir: dist, ...output })
}

rmSync(dist, { recursive: true, force: true })
await bundle(
  [...doors, ...programs],
  'src',
  '.ts',
  { transform: { target: 'node20.18' }, plugins: [raw, shrink] },
  {
    chunkFileNames: ({ name }) => (bundled.includes(name) ? '[name].js' : '[name]-[hash].js'),
    minifyInternalExports: false,
    comments: { jsdoc: false },
    codeSplitting: { groups: bundled.map((name) => ({ name, test: new RegExp(`/node_modules/${name}/`) })) },
  },
)
for (const program of programs) chmodSync(join(dist, `${program}.js`), 0o755)

const declarations = mkdtempSync(join(tmpdir(), 'trackbacks-types-'))
try {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', declarations], {
    stdio: 'inherit',
  })
  const plugins = [dts({ dtsInput: true, tsconfig: false }), described]
  await bundle(
    doors,
    declarations,
    '.d.ts',
    { plugins },
    { entryFileNames: '[name].ts', chunkFileNames: 'types-[hash].d.ts' },
  )
} finally {
  rmSync(declarations, { recursive: true })
}
