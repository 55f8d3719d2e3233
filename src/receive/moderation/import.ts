import { checkChoice, checkId, optionCheck } from '../../base/options.js'
import type { Ping, Post } from '../../base/types.js'
import type { HistoryEntry, NewTrackback, TrackbackState } from '../../store/store.js'
import { trackbackStates } from '../../store/store.js'
import { cleanText } from '../../text/plain.js'
import type { ReceiverContext } from '../options/context.js'
import { toAdmitted } from '../options/request.js'
import { actions, decisions } from '../policy/history.js'
import { addWithJob, verifyNow } from '../verify/verify-job.js'

type KeptFacts = 'blog' | 'clientIp' | 'charset' | 'charsetSource' | 'verification' | 'checks' | 'history'

/** A trackback that a blog's engine took before this one. Its blog is that of its post, if `findPost` names one. */
export interface ImportedTrackback extends Ping, Partial<Pick<NewTrackback, KeptFacts>> {
  /** The post it belongs to, by the id that `findPost` knows. */
  readonly postId: string
  /**
   * When it came: a `Date`, milliseconds since 1970, or a date such as `'2005-01-02'` or `'2005-01-02 10:30:00+09:00'`, of
   * UTC where it names no zone. Before the year 2000 and after tomorrow are taken for mistakes, such as seconds.
   */
  readonly receivedAt: Date | number | string
  /** @default 'published' */
  readonly state?: TrackbackState | undefined
}

/** How trackbacks are taken over. */
export interface ImportOptions {
  /** Kept in the history of each, which says that it was imported. @default none */
  readonly reason?: string | undefined
  /** Who imports. @default none */
  readonly user?: string | undefined
  /**
   * Whether titles, excerpts and names are HTML, as those of pings are, and are cut like those; or plain text, as a store
   * has it, which is kept whole. Of `limits` only `maxBodySize` holds for plain text and its URL: more is refused.
   * @default 'html'
   */
  readonly texts?: 'html' | 'plain' | undefined
  /** Whether to say only what would become of each. @default false */
  readonly dryRun?: boolean | undefined
}

/**
 * What became of a trackback that was to be taken over. `known`: the post has one of this source already, or it was erased.
 * `invalid`: it cannot be taken, and why.
 */
export type ImportResult =
  | { readonly outcome: 'added' | 'known' }
  | { readonly outcome: 'invalid'; readonly problem: string }

const checkOptions = optionCheck('import', { string: 'reason user', boolean: 'dryRun', any: 'texts' })
const checkItem = optionCheck('trackback', {
  string: 'postId! url! blog charset charsetSource',
  list: 'checks history',
  any: 'receivedAt! title excerpt blogName state clientIp verification',
})
const checkEntry = optionCheck('history', {
  ...{ number: 'at!', string: 'state! by! action user before', any: 'reason!' },
})
const checkResult = optionCheck('checks', { string: 'check!', any: 'score! reason!' })
const checkFact = optionCheck('verification', {
  ...{ string: 'outcome! finalUrl title', number: 'checkedAt! attempts! unanswered' },
  ...{ boolean: 'isUserContent', object: 'passage', any: 'reason!' },
})
/** How many are taken at once, in few commits. */
const atOnce = 500
const day = 86_400_000
const isoDate = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))? ?(Z|[+-]\d\d:?\d\d)?$/

/** Makes what takes over trackbacks; each is verified whose source is still to be looked at. */
export function createImport(context: ReceiverContext) {
  const { store, findPost, limits, erased, now } = context

  /** What is kept of it: its texts and its URL as those of a ping. Throws a `TypeError` for what no ping could be. */
  function toNew(item: ImportedTrackback, blog: string, options: ImportOptions): NewTrackback {
    const { postId, url, state = 'published', clientIp = null, verification, checks = [] } = item
    const { charset = 'utf-8', charsetSource = 'utf-8', history = historyOf(state, now(), options) } = item
    const [title, excerpt, blogName] = [item.title ?? '', item.excerpt ?? '', item.blogName ?? '']
    const isPlain = options.texts === 'plain'
    for (const text of [url, title, excerpt, blogName, clientIp ?? '']) {
      checkId(text, 'a text')
      if (isPlain && text.length > limits.maxBodySize)
        throw new TypeError(`a text is longer than limits.maxBodySize (${limits.maxBodySize})`)
    }
    checkChoice('state', state, trackbackStates)
    for (const entry of history) checkEntry(entry)
    for (const result of checks) checkResult(result)
    if (verification) checkFact(verification)
    const received = { ping: { url, title, excerpt, blogName }, charset, charsetSource }
    const own = isPlain ? { ...limits, maxUrlLength: limits.maxBodySize } : limits
    const admitted = toAdmitted(received, own, isPlain ? cleanText : undefined)
    if (admitted === null) throw new TypeError(`${JSON.stringify(url)} is no URL that a trackback can have`)
    const { host: _, ...kept } = admitted.ping
    const facts = { clientIp, state, verification, checks, history }
    return { postId, blog, ...kept, receivedAt: timeOf(item.receivedAt, now()), ...facts }
  }

  async function take(item: ImportedTrackback, options: ImportOptions, find: Find): Promise<ImportResult> {
    try {
      checkItem(item)
      const post = await find(item.postId)
      if (!post) return { outcome: 'invalid', problem: `there is no post '${item.postId}'` }
      const trackback = toNew(item, post.blog ?? item.blog ?? '', options)
      const { postId, sourceKey } = trackback
      if ((await store.find(postId, sourceKey)) || (await erased.has(postId, sourceKey)))
        return { outcome: 'known' }
      if (options.dryRun) return { outcome: 'added' }
      const job = trackback.state === 'unverified' ? verifyNow(trackback, context) : undefined
      const { outcome } = await addWithJob(trackback, job, context)
      return { outcome: outcome === 'added' ? outcome : 'known' }
    } catch (error) {
      if (error instanceof TypeError) return { outcome: 'invalid', problem: error.message }
      throw error
    }
  }

  return async (list: readonly ImportedTrackback[], options: ImportOptions = {}): Promise<ImportResult[]> => {
    checkOptions(options)
    checkChoice('texts', options.texts, ['html', 'plain'])
    if (!Array.isArray(list)) throw new TypeError('import takes a list of trackbacks')
    const posts = new Map<string, Promise<Post | null>>()
    const find: Find = (postId) => {
      const post = posts.get(postId) ?? Promise.resolve(findPost(postId))
      posts.set(postId, post)
      return post
    }
    const results: ImportResult[] = []
    for (let from = 0; from < list.length; from += atOnce) {
      const some = list.slice(from, from + atOnce)
      results.push(...(await Promise.all(some.map((item) => take(item, options, find)))))
    }
    return results
  }
}

type Find = ReceiverContext['findPost']

/** What an import says of itself: a decision of the author, so that nothing is looked at or changed by itself. */
function historyOf(state: TrackbackState, at: number, options: ImportOptions): HistoryEntry[] {
  const action = actions.find((each) => decisions[each] === state)
  if (!action) return []
  const { reason = '', user } = options
  return [{ at, state, by: 'author', action, reason, ...(user && { user }) }]
}

function timeOf(given: Date | number | string, now: number): number {
  const [, date, time = '00:00', zone = 'Z'] = isoDate.exec(String(given)) ?? []
  const at = typeof given === 'string' ? Date.parse(`${date}T${time}${zone}`) : Number(given)
  if (!Number.isInteger(at) || Math.abs(at) > 8.64e15)
    throw new TypeError(`receivedAt ${JSON.stringify(given)} is no date`)
  if (at >= Date.UTC(2000) && at < now + day) return at
  const said = new Date(at).toISOString()
  throw new TypeError(
    `receivedAt ${JSON.stringify(given)} would be ${said}; give a Date, or milliseconds since 1970`,
  )
}
