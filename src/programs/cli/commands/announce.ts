import { once } from 'node:events'
import type { AnnouncedPost, PostPage, Sender, SenderOptions } from '../../../index.js'
import { webUrl } from '../terminal/arguments.js'
import type { CommandDefinition, Context } from '../terminal/command.js'
import { asUsage } from '../terminal/failures.js'
import { openStore } from '../terminal/store.js'
import { type AnnounceEvent, createAnnounceReport, type TargetState } from './announce-report.js'
import { addPingOptions, type PingValues } from './send.js'

interface AnnounceValues extends PingValues {
  readonly dryRun?: boolean
  readonly db?: string
  readonly allowNone?: boolean
}

// One attempt at each target in a run: retries are the work of a sender that stays.
const limits: SenderOptions['limits'] = { maxAttempts: 1, maxAge: 1, concurrentPings: 4 }

/** `trackbacks announce`: a ping to every page that a post links to. */
export const announce: CommandDefinition<[postUrl: string], AnnounceValues> = {
  name: 'announce',
  summary: 'ping every page that a post links to',
  about: [
    "Fetches a post of yours and finds the links in its main text: the first .e-content, else <article>, else <main>, else the whole page. Headers, footers, navigation, asides, comments, trackbacks, links marked rel=ugc and links to the post's own site are skipped. Then it looks for the ping URL of each linked page, and pings it. Title, excerpt and blog name are those of the page, as Open Graph and microformats give them.",
    'Each target is tried once. Without --db nothing is stored: a post that is announced twice is pinged twice. With --db a target is pinged once, however often the post is announced; only a target that gave up is tried again. Check first with --dry-run.',
    'Exit status 0 if at least one ping was accepted (with --dry-run, if one would be sent), otherwise 1; with --allow-none also 0 if there was nobody to ping.',
  ],
  json: [
    'One line for each event:',
    "{ type: 'post', url, title, excerpt, blogName, mainText, targets, skipped, skippedCount }",
    "{ type, target, state, reason, pingUrl, answer, … } with the types 'found', 'discovered', 'accepted', 'refused', 'no-ping-url', 'duplicate', 'failed' and 'gave-up'; with --db also 'unchanged'; with --dry-run only 'target', whose state is 'would-ping' if a ping would be sent",
    "{ type: 'summary', … } with the number of targets in each state",
  ],
  examples: [
    'trackbacks announce https://my.blog/2026/hello --dry-run',
    'trackbacks announce https://my.blog/2026/hello --blog-name "My blog"',
    'trackbacks announce https://my.blog/2026/hello --db pings.db --allow-none',
  ],
  declare(command) {
    command.argument('<post-url>', 'your post', webUrl)
    command.option('--dry-run', 'read the pages and show what would be pinged, but send nothing')
    command.option('--db <file>', 'remember in this SQLite file what was pinged (default: in memory)')
    command.option('--allow-none', 'end with 0 if there is nobody to ping')
    addPingOptions(command)
  },
  async run(context, [url], { dryRun = false, allowNone = false, db, charset, ...given }) {
    const { library, client, warn, using } = context
    const report = createAnnounceReport(context, dryRun)
    const { html, ...page } = await fetchPost(context, url)
    const { title = page.title, excerpt = page.excerpt, blogName = page.blogName } = given
    const facts = { ...page, title, excerpt, blogName }
    const post = { ...facts, id: page.url, html }
    const onEvent: SenderOptions['onEvent'] = ({ type, delivery: { postId, ...delivery } }) => {
      // The file may hold unfinished work of another post.
      if (postId === post.id) report({ type, ...delivery })
    }
    const store = await openStore(context, db)
    const options = { store, client, charset, limits, blogName, onEvent, onError: warn }
    const sender = using(await asUsage(() => library.createSender(options)))
    const work = { ...context, post, facts, sender, report, allowNone }
    return dryRun ? preview(work) : ping(work)
  },
}

/** Fetches the page of a post and reads it. Throws if it is not a page. */
export async function fetchPost(
  { library, client, signal, progress }: Pick<Context, 'library' | 'client' | 'signal' | 'progress'>,
  url: string,
): Promise<PostPage> {
  progress.show(`Reading ${new URL(url).host}`)
  const headers = { accept: 'text/html, application/xhtml+xml' }
  const response = await client.request({ url, headers, signal })
  const contentType = response.header('content-type')
  const refusal = refusalOf(response.status, contentType)
  if (refusal !== null) {
    response.cancel()
    throw new Error(`${response.url} ${refusal}`)
  }
  const page = library.readPostPage(await response.bytes(), { url: response.url, contentType })
  progress.clear()
  return page
}

/** Why a response is not a page, in words that follow its URL. */
function refusalOf(status: number, contentType: string | null): string | null {
  if (status < 200 || status > 299) return `answers with HTTP ${status}`
  const isPage =
    contentType === null || /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(contentType)
  return isPage ? null : `is ${contentType}, not a page`
}

interface Announcement extends Context {
  readonly post: AnnouncedPost
  /** What is reported of the post. */
  readonly facts: Omit<PostPage, 'html'>
  readonly sender: Sender
  readonly report: (event: AnnounceEvent) => void
  readonly allowNone: boolean
}

async function preview(work: Announcement): Promise<boolean> {
  const { post, facts, sender, report, progress, signal } = work
  progress.show('Looking for ping URLs')
  const reading = sender.preview(post)
  await Promise.race([reading, once(signal, 'abort')])
  signal.throwIfAborted()
  const { targets, ...skips } = await reading
  progress.clear()
  report({ type: 'post', ...facts, targets: targets.map(({ target }) => target), ...skips })
  const expected = targets.map((target) => {
    const wouldPing = target.state === 'waiting' && target.pingUrl !== null
    return wouldPing ? { ...target, state: 'would-ping' as const } : target
  })
  for (const target of expected) report({ type: 'target', ...target })
  return conclude(expected, expected, work)
}

async function ping(work: Announcement): Promise<boolean> {
  const { post, facts, sender, report, signal } = work
  const start = Date.now()
  const { deliveries: before = [] } = (await sender.report(post.id)) ?? {}
  const { targets, ...skips } = await sender.announce(post)
  const urls = new Set(targets.map(({ url }) => url))
  report({ type: 'post', ...facts, targets: [...urls], ...skips })
  for (const { target, state } of before)
    if (state === 'gave-up' && urls.has(target)) await sender.retry(post.id, target)
  const settled = await sender.settled(post.id, { signal })
  const deliveries = settled.deliveries.filter(({ target }) => urls.has(target))
  // The last events are reported before the summary.
  await sender.close()
  for (const delivery of deliveries)
    if (delivery.changedAt < start) report({ type: 'unchanged', ...delivery })
  const tried = deliveries.filter(({ changedAt }) => changedAt >= start)
  return conclude(deliveries, tried, work)
}

type Ended = readonly { readonly state: TargetState }[]

/** Reports how many targets are in each state. Returns whether a ping was accepted, or nobody tried is a success. */
function conclude(targets: Ended, tried: Ended, { report, allowNone }: Announcement): boolean {
  const counts: { [state in TargetState]?: number } = {}
  for (const { state } of targets) counts[state] = (counts[state] ?? 0) + 1
  report({ type: 'summary', ...counts })
  const isNobody = tried.every(({ state }) => state === 'no-ping-url' || state === 'duplicate')
  return 'accepted' in counts || 'would-ping' in counts || (allowNone && isNobody)
}
