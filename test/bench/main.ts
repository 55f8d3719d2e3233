// npm run bench                 every benchmark
// npm run bench -- receive text    those named
import { readdirSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const all = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .sort()
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`No benchmark named ${unknown.join(', ')}. There are: ${all.join(', ')}.`)
  process.exit(2)
}
for (const name of wanted.length > 0 ? wanted : all) {
  const { default: run } = (await import(new URL(`${name}.bench.ts`, here).href)) as {
    default: () => Promise<void>
  }
  await run()
}
