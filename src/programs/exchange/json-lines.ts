import { eachOf } from '../../store/page.js'
import type { Store, TrackbackFilter } from '../../store/store.js'
import type { FoundTrackback } from './found.js'

/**
 * The trackbacks of a store, or some of them, as lines of JSON, oldest first: everything that is kept of each, but for its
 * id. `importFile` reads them back to the same.
 *
 * ```ts
 * for await (const line of exportLines(store)) file.write(line)
 * ```
 */
export async function* exportLines(store: Store, filter: TrackbackFilter = {}): AsyncGenerator<string> {
  const all = eachOf((after) => store.list(filter, { limit: 500, after }))
  for await (const { id: _, revision: __, sourceKey: ___, receivedAt, ...kept } of all)
    yield `${JSON.stringify({ ...kept, receivedAt: new Date(receivedAt).toISOString() })}\n`
}

/** The trackbacks in such lines. */
export function parseJsonLines(text: string): FoundTrackback[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const { problem, postId = '', ...trackback } = read(line)
    const post = { id: postId, url: '', title: '' }
    return { post, trackback, where: `line ${index + 1}`, ...(problem ? { problem } : {}) } as FoundTrackback
  })
}

function read(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Said by its line.
  }
  return { problem: 'it is no JSON object' }
}
