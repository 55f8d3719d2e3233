import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { countBranches } from './instrument.js'

/** Makes one file of a script of this folder and of all that is fuzzed, which counts where its inputs lead. */
export async function bundle(script: string): Promise<string> {
  const name = `${basename(script.replaceAll('/', '-'), '.ts')}.js`
  const file = fileURLToPath(new URL(`../../coverage/fuzz/${name}`, import.meta.url))
  const build = await rolldown({
    input: fileURLToPath(new URL(script, import.meta.url)),
    platform: 'node',
    external: /^(?:iconv-lite|undici|tldts|rolldown)/,
    plugins: [countBranches((file) => /\/(?:src|parse5)\/.*\.[jt]s$/.test(file.replaceAll('\\', '/')))],
  })
  await build.write({ file })
  return file
}
