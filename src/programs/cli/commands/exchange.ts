import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { CommandDefinition } from '../terminal/command.js'
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
    command.option('--posts <file>', 'JSON: id of each post now, by its former id or permalink')
    command.option('--blog <id>', 'the blog of the posts, where a receiver serves many')
    command.option('--charset <name>', 'character set of the export (default: as declared, or found out)')
    command.option('--lang <tag>', 'language of the blog, a hint for its character set')
    command.option('--offset <zone>', 'zone of dates without one, such as +09:00 (default: UTC)')
  },
  async run(context, [file, path], { posts, blog, tablePrefix, ...options }) {
    const { progress, show } = context
    const { importFile } = await import('../../../exchange.js')
    const bytes = await readFile(file)
    const ids = posts === undefined ? null : await readIds(posts)
    // A dry run makes no file.
    const isInMemory = options.dryRun && !existsSync(path)
    const store = await openStore(context, isInMemory ? undefined : path, { tablePrefix })
    const moderation = openModeration(context, store, (id) => ({ id, url: 'http://localhost/', blog }))
    const report = await importFile(bytes, moderation, {
      ...options,
      ...(ids && { postId: ({ id, url }) => ids.get(url) ?? ids.get(id) }),
      onProgress: (done, found) => progress.show(`${done} of ${found} trackbacks`),
    })
    show(report, (out, { format, charset, found, added, known, invalid }) => {
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
    const { exportLines } = await import('../../../exchange.js')
    const store = await openStore(context, path, { tablePrefix, mustExist: true })
    for await (const line of exportLines(store, { postId, blog })) context.out.json(JSON.parse(line), 'line')
    return true
  },
}

async function readIds(file: string): Promise<ReadonlyMap<string, string>> {
  const ids: unknown = JSON.parse(await readFile(file, 'utf8'))
  if (typeof ids !== 'object' || ids === null || Array.isArray(ids))
    throw new TypeError(`${file} must be a JSON object: { "former id or permalink": "id now" }`)
  return new Map(Object.entries(ids))
}
