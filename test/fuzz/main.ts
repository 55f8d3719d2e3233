// npm run fuzz                       every target for a minute
// npm run fuzz -- page 600           one of them for ten minutes
// npm run fuzz -- page 600 12345     the same again: a run is determined by its seed, as far as time allows
import { spawnSync } from 'node:child_process'
import { bundle } from './bundle.js'

const file = await bundle('run.ts')
process.exit(spawnSync(process.execPath, [file, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1)
