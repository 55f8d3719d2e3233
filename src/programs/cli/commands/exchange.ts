import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { exportLines, jsonObject } from '../../exchange/json-lines.js'
import type { CommandDefinition } from '../terminal/command.js'
import { codeOf, explain, troubles } from '../terminal/failures.js'
import { openModeration, openStore } from '../terminal/store.js'

const formats = { wxr: 'WordPress', 'movable-type': 'Movable Type', 'json-lines': 'JSON lines' }

/** `trackbacks import`: the trackbacks of another engine, into a SQLite file. */
export const importing: CommandDefinition<[file: string, path: string]> = {
  name: 'import',
  isOffline: true,
  declare(command) {
    command.argument('<file>', 'the export')
    command.argument('<db>', 'the SQLite file; made if there is none')
    command.option('--dry-run', 'say only what would be added')
    command.option('--posts <file>', 'JSON: id of each post now, by its former id, permalink or title')
    command.option('--blog <id>', 'the blog of the posts, where a receiver serves many')
    command.option('--charset <name>', 'character set of the export (default: as declared, or found out)')
    command.option('--lang <tag>', 'language of the blog, a hint for its character set')
    command.option('--offset <zone>', 'zone of dates without one, such as +09:00 (default: UTC)')
  },
  async run(context, [file, path], { posts, blog, tablePrefix, ...options }) {
    const { importFile } = await import('../../../exchange.js')
    const bytes = await read(file)
    const ids = posts === undefined ? null : await readIds(posts)
    // A dry run makes no file.
    const isInMemory = options.dryRun && !existsSync(path)
    const store = await openStore(context, isInMemory ? undefined : path, { tablePrefix })
    const moderation = openModeration(context, store, (id) => ({ id, url: 'http://localhost/', blog }))
    const report = await importFile(bytes, moderation, {
      ...options,
      ...(ids && { postId: ({ id, url, title }) => ids.get(url) ?? ids.get(id) ?? ids.get(title) }),
      onProgress: (done, found) => context.progress.show(`${done} of ${found} trackbacks`),
    })
    context.show(report, (out, { format, charset, found, added, known, invalid }) => {
      out.line(`${formats[format]} (${charset}): ${found} trackbacks`)
      const would = options.dryRun ? 'would be added' : 'added'
      out.line(`${added} ${would}, ${known} there already, ${invalid.length} not taken`)
      for (const { where, problem } of invalid) out.line(`  ${where}: ${problem}`)
    })
    return report.invalid.length === 0
  },
}

/** `trackbacks export`: the trackbacks in a SQLite file, as JSON lines. */
export const exporting: CommandDefinition<[path: string]> = {
  name: 'export',
  isOffline: true,
  declare(command) {
    command.argument('<db>', 'the SQLite file')
    command.option('--post <id>', 'only those of this post')
    command.option('--blog <id>', 'only those of this blog')
  },
  async run(context, [path], { post: postId, blog, tablePrefix }) {
    const store = await openStore(context, path, { tablePrefix, mustExist: true })
    for await (const line of exportLines(store, { postId, blog })) context.out.json(JSON.parse(line), 'line')
    return true
  },
}

/** The ids in the file of `--posts`, by what stood for each post before. Throws a `TypeError` that names what is wrong. */
async function readIds(file: string): Promise<ReadonlyMap<string, string>> {
  const bytes = await read(file)
  // Some programs of Windows write UTF-16. The decoder removes a byte order mark.
  const decoder = new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-8')
  const { value = {}, problem } = jsonObject(decoder.decode(bytes))
  const wrong = Object.keys(value).find((former) => !/string|number/.test(typeof value[former]))
  const mistake = wrong === undefined ? problem : `the id for ${JSON.stringify(wrong)} is no string`
  if (mistake)
    throw new TypeError(`${file} must be { "former id, permalink or title": "id now" }: ${mistake}`)
  return new Map(Object.entries(value).map(([former, id]) => [former, String(id)]))
}

function read(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error) => {
    throw new Error(`cannot read ${file}: ${troubles[codeOf(error)] ?? explain(error)}`)
  })
}
