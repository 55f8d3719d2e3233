import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeFinding, fuzz } from './fuzz.js'
import { targets } from './targets/index.js'

const [name, seconds = '60', given] = process.argv.slice(2)
const chosen = targets.filter((target) => name === undefined || name === target.name)
if (chosen.length === 0 || !(Number(seconds) > 0)) {
  console.error(
    `npm run fuzz -- [target] [seconds] [seed], the targets being ${targets.map((one) => one.name).join(', ')}`,
  )
  process.exit(2)
}
const { reached } = globalThis as { reached?: Uint16Array }
const seed = given === undefined ? Date.now() % 2 ** 32 : Number(given)
for (const target of chosen) {
  const milliseconds = Number(seconds) * 1000
  const { runs, kept, findings, slowest } = fuzz(target, {
    seed,
    milliseconds,
    counters: reached,
    seeds: corpus(),
  })
  const share = `${(slowest * 100).toFixed(0)} %`
  console.log(
    `${target.name}: ${runs} inputs, ${kept} reached something new, ${findings.length} findings, slowest at ${share} of what it may take (seed ${seed})`,
  )
  for (const [index, finding] of findings.entries()) {
    const file = new URL(`${target.name}-${index + 1}`, import.meta.url)
    writeFileSync(file, finding.input)
    console.log(`${fileURLToPath(file)}: ${describeFinding(finding)}`)
  }
  if (findings.length > 0) process.exitCode = 1
}

/** Real documents, where TRACKBACK_CORPUS names a folder of them: the beginnings, as mutation is for small inputs. */
function corpus(): Uint8Array[] {
  const folder = process.env['TRACKBACK_CORPUS']
  if (folder === undefined) return []
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name)).subarray(0, 16_384))
}
