import { optionCheck } from '../../base/options.js'
import type { ImportedTrackback, ImportOptions } from '../../receive/moderation/import.js'
import type { Moderation } from '../../receive/moderation/moderation.js'
import { decode } from '../../text/charset/decode.js'
import { decodeDocument } from '../../text/charset/document.js'
import { parseCharsetLabel } from '../../text/charset/label.js'
import type { FormerPost, FoundTrackback } from './found.js'
import { parseJsonLines } from './json-lines.js'
import { parseMovableType } from './movable-type.js'
import { parseWxr } from './wxr.js'

/** How a file is read, and what becomes of its trackbacks. */
export interface ImportFileOptions extends Omit<ImportOptions, 'texts'> {
  /**
   * The id that a post has now; `null` leaves its trackbacks out, which the report says. @default its id in the file
   */
  readonly postId?:
    | ((post: FormerPost) => string | null | undefined | PromiseLike<string | null | undefined>)
    | undefined
  /** The character set of the file. @default the one that its XML declaration names, else found out */
  readonly charset?: string | undefined
  /** The language of the blog (`ja`, `ru`, …), a hint where the character set is to be found out. @default none */
  readonly lang?: string | undefined
  /** The zone of dates that name none, as in Movable Type: `'+09:00'`. @default 'Z' */
  readonly offset?: string | undefined
  /** Told how many of all are done, from time to time. @default nobody */
  readonly onProgress?: ((done: number, found: number) => void) | undefined
}

/** What came of a file. */
export interface ImportReport {
  readonly format: 'wxr' | 'movable-type' | 'json-lines'
  /** The character set that the file was read in. A file of Movable Type names none: see whether it was found out rightly. */
  readonly charset: string
  /** How many trackbacks it holds. */
  readonly found: number
  readonly added: number
  /** Those that were there already, or that were erased. */
  readonly known: number
  /** Those that cannot be taken: where they stand in the file, and why. */
  readonly invalid: readonly { readonly where: string; readonly problem: string }[]
}

const checkOptions = optionCheck('importFile', {
  ...{ function: 'postId onProgress', string: 'reason user charset lang offset', boolean: 'dryRun' },
})
const atOnce = 500

/**
 * Takes over the trackbacks in a file of another engine: an export of WordPress (WXR) or of Movable Type (also of TypePad
 * and others that write its format), in any character set, or the JSON lines of `exportLines`. A second run adds nothing.
 *
 * Rejects with a `TypeError` for a file of no such format and for mistaken options, and with what the store rejects with.
 *
 * ```ts
 * const report = await importFile(await readFile('blog.xml'), receiver.moderation, {
 *   postId: ({ url }) => slugs.get(url),
 * })
 * ```
 */
export async function importFile(
  bytes: Uint8Array,
  moderation: Pick<Moderation, 'import'>,
  options: ImportFileOptions = {},
): Promise<ImportReport> {
  checkOptions(options)
  const { postId = ({ id }) => id, offset = 'Z', onProgress, reason, user, dryRun } = options
  if (!/^(Z|[+-]\d\d:\d\d)$/.test(offset)) throw new TypeError("offset must be a zone such as '+09:00'")
  const { text, charset } = decoded(bytes, options)
  const { format, found } = parse(text, offset)
  const texts = format === 'json-lines' ? 'plain' : 'html'
  const invalid: { where: string; problem: string }[] = []
  const counts = { added: 0, known: 0 }
  for (let from = 0; from < found.length; from += atOnce) {
    const some: { item: ImportedTrackback; where: string }[] = []
    for (const { post, trackback, where, problem } of found.slice(from, from + atOnce)) {
      const id = problem ? null : await postId(post)
      if (id) some.push({ item: { ...trackback, postId: id }, where })
      else invalid.push({ where, problem: problem ?? `no id is known for its post ${JSON.stringify(post)}` })
    }
    const items = some.map(({ item }) => item)
    const results = await moderation.import(items, { reason, user, dryRun, texts })
    for (const [index, result] of results.entries()) {
      if (result.outcome !== 'invalid') counts[result.outcome] += 1
      else invalid.push({ where: some[index]?.where ?? '', problem: result.problem })
    }
    onProgress?.(Math.min(from + atOnce, found.length), found.length)
  }
  return { format, charset, found: found.length, ...counts, invalid }
}

function decoded(bytes: Uint8Array, { charset: name, lang }: ImportFileOptions) {
  if (name === undefined) return decodeDocument(bytes, { kind: 'xml', lang })
  const charset = parseCharsetLabel(name)
  if (charset === null) throw new TypeError(`no charset is called '${name}'`)
  return { text: decode(bytes, charset), charset }
}

function parse(text: string, offset: string): { format: ImportReport['format']; found: FoundTrackback[] } {
  // An export of a store without trackbacks is empty.
  if (/^\s*(\{|$)/.test(text)) return { format: 'json-lines', found: parseJsonLines(text) }
  if (/^\s*<(\?xml|rss)/.test(text) && text.includes('wordpress.org/export/'))
    return { format: 'wxr', found: parseWxr(text) }
  if (/^\s*[A-Z][A-Z ]*:/.test(text) && /^-{5}[ \t]*\r?$/m.test(text))
    return { format: 'movable-type', found: parseMovableType(text, offset) }
  throw new TypeError('this is no export of WordPress (WXR) or Movable Type, and no JSON lines')
}
