import { once } from 'node:events'
import type { AnnouncedPost, PostPage, Sender, SenderOptions } from '../../../index.js'
import { webUrl } from '../terminal/arguments.js'
import type { CommandDefinition, Context } from '../terminal/command.js'
import { openStore } from '../terminal/store.js'
import { type AnnounceReport, createAnnounceReport, type TargetEvent } from './announce-report.js'
import { addPingOptions } from './send.js'

// One attempt at each target in a run: retries are the work of a sender that stays.
const limits: SenderOptions['limits'] = { maxAttempts: 1, maxAge: 1, concurrentPings: 4 }

/** `trackbacks announce`: a ping to every page that a post links to. */
export const announce: CommandDefinition<[postUrl: string]> = {
  name: 'announce',
  declare(command) {
    command.argument('<post-url>', 'your post', webUrl)
    command.option('--dry-run', 'read the pages and show what would be pinged, but send nothing')
    command.option('--db <file>', 'remember in this SQLite file what was pinged (default: in memory)')
    command.option('--allow-none', 'end with 0 if there is nobody to ping')
    addPingOptions(command)
  },
  async run(context, [url], { dryRun = false, allowNone = false, db, charset, ...given }) {
    const { library, client, warn, using } = context
    const { html, ...page } = await fetchPost(context, url)
    const { title, excerpt, blogName } = { ...page, ...given }
    const facts = { ...page, title, excerpt, blogName }
    const post = { ...facts, id: page.url, html }
    const report = createAnnounceReport(context, facts, dryRun)
    const onEvent: SenderOptions['onEvent'] = ({ type, delivery: { postId, ...delivery } }) => {
      // The file may hold unfinished work of another post.
      if (postId === post.id) report.target({ type, ...delivery })
    }
    const store = await openStore(context, db)
    const options = { store, client, charset, limits, blogName, onEvent, onError: warn }
    const sender = using(library.createSender(options))
    const targets = await (dryRun ? preview : ping)(sender, post, report, context)
    for (const target of targets)
      if (target.type === 'target' || target.type === 'unchanged') report.target(target)
    const counts = report.summary(targets.map(({ state }) => state))
    const isSilent = ({ type, state }: TargetEvent): boolean =>
      type === 'unchanged' || state === 'no-ping-url' || state === 'duplicate'
    return 'accepted' in counts || 'would-ping' in counts || (allowNone && targets.every(isSilent))
  },
}

/** Fetches the page of a post and reads it. Throws if it is not a page. */
export async function fetchPost(
  { library, client, signal, progress }: Pick<Context, 'library' | 'client' | 'signal' | 'progress'>,
  address: string,
): Promise<PostPage> {
  progress.show(`Reading ${new URL(address).host}`)
  const headers = { accept: 'text/html, application/xhtml+xml' }
  const response = await client.request({ url: address, headers, signal })
  const { url, status } = response
  const contentType = response.header('content-type') ?? 'text/html'
  const isPage = /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(contentType)
  const isSuccess = status >= 200 && status <= 299
  if (isSuccess && isPage) return library.readPostPage(await response.bytes(), { url, contentType })
  response.cancel()
  throw new Error(`${url} ${isSuccess ? `is ${contentType}, not a page` : `answers with HTTP ${status}`}`)
}

/** What announcing would do to each target. */
async function preview(
  sender: Sender,
  post: AnnouncedPost,
  report: AnnounceReport,
  { progress, signal }: Context,
): Promise<TargetEvent[]> {
  progress.show('Looking for ping URLs')
  const reading = sender.preview(post)
  await Promise.race([reading, once(signal, 'abort')])
  signal.throwIfAborted()
  const { targets, ...skips } = await reading
  const urls = targets.map(({ target }) => target)
  report.post(urls, skips)
  return targets.map((target) => {
    const wouldPing = target.state === 'waiting' && target.pingUrl !== null
    return { type: 'target', ...target, state: wouldPing ? 'would-ping' : target.state }
  })
}

/** What became of each target. */
async function ping(
  sender: Sender,
  post: AnnouncedPost,
  report: AnnounceReport,
  { signal }: Context,
): Promise<TargetEvent[]> {
  const start = Date.now()
  const before = await sender.report(post.id)
  const { targets, ...skips } = await sender.announce(post)
  const urls = new Set(targets.map(({ url }) => url))
  report.post([...urls], skips)
  for (const { target, state } of before?.deliveries ?? [])
    if (state === 'gave-up' && urls.has(target)) await sender.retry(post.id, target)
  const { deliveries } = await sender.settled(post.id, { signal })
  // The last events are reported before the summary.
  await sender.close()
  const own = deliveries.filter(({ target }) => urls.has(target))
  return own.map((each) => ({ type: each.changedAt < start ? 'unchanged' : 'tried', ...each }))
}
