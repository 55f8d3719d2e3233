import { eachOf } from '../../store/page.js'
import type { Store, Trackback, TrackbackFilter } from '../../store/store.js'
import type { FoundTrackback } from './found.js'

/** Every trackback that a filter lets pass, page by page. */
export function trackbacksIn(
  store: Store,
  filter: TrackbackFilter,
  order: 'oldest' | 'newest',
): AsyncGenerator<Trackback> {
  return eachOf((after) => store.list(filter, { order, limit: 500, after }))
}

/**
 * The trackbacks of a store, or some of them, as lines of JSON, oldest first: everything that is kept of each, but for its
 * id. `importFile` reads them back to the same.
 *
 * ```ts
 * for await (const line of exportLines(store)) file.write(line)
 * ```
 */
export async function* exportLines(store: Store, filter: TrackbackFilter = {}): AsyncGenerator<string> {
  for await (const trackback of trackbacksIn(store, filter, 'oldest')) {
    const { id: _, revision: __, sourceKey: ___, receivedAt, ...kept } = trackback
    yield `${JSON.stringify({ ...kept, receivedAt: new Date(receivedAt).toISOString() })}\n`
  }
}

/** The trackbacks in such lines. */
export function parseJsonLines(text: string): FoundTrackback[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const { value: { postId = '', ...trackback } = {}, problem } = jsonObject(line)
    const post = { id: postId, url: '', title: '' }
    return { post, trackback, where: `line ${index + 1}`, ...(problem && { problem }) } as FoundTrackback
  })
}

/** The JSON object that a text is, or what is wrong with the text. */
export function jsonObject(text: string): { value?: Record<string, unknown>; problem?: string } {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { value: { ...value } } : { problem: 'it is no JSON object' }
  } catch (error) {
    return { problem: `it is no JSON object: ${(error as SyntaxError).message}` }
  }
}
