// npm run fuzz                       every target for a minute
// npm run fuzz -- page 600           one of them for ten minutes
// npm run fuzz -- page 600 12345     the same again: a run is determined by its seed, as far as time allows
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { countBranches } from './instrument.js'

const bundle = fileURLToPath(new URL('../../coverage/fuzz/run.js', import.meta.url))
const build = await rolldown({
  input: fileURLToPath(new URL('run.ts', import.meta.url)),
  platform: 'node',
  external: /^(?:iconv-lite|undici|tldts|rolldown)/,
  plugins: [
    countBranches((file) => /\/src\/|\/(?:parse5|fast-xml-parser)\//.test(file.replaceAll('\\', '/'))),
  ],
})
await build.write({ file: bundle })
process.exit(
  spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1,
)
