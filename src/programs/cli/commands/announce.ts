import type { HttpClient, PostPage, Sender, SenderEvent, SenderOptions } from '../../../index.js'
import { addNetworkOptions, webUrl, withNetwork } from '../terminal/arguments.js'
import type { CommandDefinition, Context } from '../terminal/command.js'
import { asUsage, CommandError, explain } from '../terminal/failures.js'
import { type AnnounceEvent, createAnnounceReport, postEvent } from './announce-report.js'
import { addPingOptions, type PingValues } from './send.js'

interface AnnounceValues extends PingValues {
  readonly dryRun?: boolean
}

type Report = (event: AnnounceEvent) => void

// One attempt at each target: retries are the work of a sender with a store.
const limits: SenderOptions['limits'] = { maxAttempts: 1, maxAge: 1, concurrentPings: 4 }

/** `trackbacks announce`: a ping to every page that a post links to. */
export const announce: CommandDefinition<[postUrl: string], AnnounceValues> = {
  name: 'announce',
  summary: 'ping every page that a post links to',
  about: [
    "Fetches a post of yours and finds the links in its main text: the first .e-content, else <article>, else <main>, else the whole page. Headers, footers, navigation, asides, comments, trackbacks, links marked rel=ugc and links to the post's own site are skipped. Then it looks for the ping URL of each linked page, and pings it. Title, excerpt and blog name are those of the page, as Open Graph and microformats give them.",
    'Each target is tried once, and nothing is stored: a post that is announced twice is pinged twice. Check first with --dry-run. Exit status 0 if at least one ping was accepted (with --dry-run, if one would be sent), otherwise 1.',
  ],
  json: [
    'One line for each event:',
    "{ type: 'post', url, title, excerpt, blogName, mainText, targets, skipped, skippedCount }",
    "{ type, target, state, reason, pingUrl, answer, … } with the types 'found', 'discovered', 'accepted', 'refused', 'no-ping-url', 'duplicate', 'failed' and 'gave-up'; with --dry-run only 'target'",
    "{ type: 'summary', … } with the number of targets in each state",
  ],
  examples: [
    'trackbacks announce https://my.blog/2026/hello --dry-run',
    'trackbacks announce https://my.blog/2026/hello --blog-name "My blog"',
  ],
  declare(command) {
    command.argument('<post-url>', 'your post', webUrl)
    command.option('--dry-run', 'read the pages and show what would be pinged, but send nothing')
    addNetworkOptions(addPingOptions(command))
  },
  run(context, [url], options) {
    const report = createAnnounceReport(context, options.dryRun === true)
    return withNetwork(options, (client) =>
      withSender({ client, context, report, charset: options.charset }, async (sender) => {
        const page = await fetchPost(client, url, context)
        const post = {
          ...{ id: page.url, ...page },
          title: options.title ?? page.title,
          excerpt: options.excerpt ?? page.excerpt,
          blogName: options.blogName ?? page.blogName,
        }
        const work = { post, sender, context, report }
        return options.dryRun ? preview(work) : ping(work)
      }),
    )
  },
}

/** Fetches the page of a post and reads it. Throws a `CommandError` if it is not a page. */
export async function fetchPost(
  client: HttpClient,
  url: string,
  { signal, progress }: Pick<Context, 'signal' | 'progress'>,
): Promise<PostPage> {
  const { readPostPage } = await import('../../../index.js')
  progress.show(`Reading ${new URL(url).host}`)
  const headers = { accept: 'text/html, application/xhtml+xml' }
  const response = await client.request({ url, headers, signal })
  const contentType = response.header('content-type')
  const refusal = refusalOf(response.status, contentType)
  if (refusal !== null) {
    response.cancel()
    throw new CommandError(`${response.url} ${refusal}`)
  }
  const page = readPostPage(await response.bytes(), { url: response.url, contentType })
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

interface Announcement {
  readonly post: PostPage & { readonly id: string }
  readonly sender: Sender
  readonly context: Context
  readonly report: Report
}

async function preview({ post, sender, context, report }: Announcement): Promise<boolean> {
  context.progress.show('Looking for ping URLs')
  const { targets, ...skipped } = await untilAborted(sender.preview(post), context.signal)
  context.progress.clear()
  report(postEvent(post, { targets: targets.map(({ target }) => target), ...skipped }))
  for (const target of targets) report({ type: 'target', ...target })
  report({ type: 'summary', ...countStates(targets) })
  return targets.some(({ state, pingUrl }) => state === 'waiting' && pingUrl !== null)
}

async function ping({ post, sender, context, report }: Announcement): Promise<boolean> {
  const { targets, skipped, skippedCount } = await sender.announce(post)
  report(postEvent(post, { targets: targets.map(({ url }) => url), skipped, skippedCount }))
  const { deliveries } = await sender.settled(post.id, { signal: context.signal })
  // The last events are reported before the sender is closed.
  await sender.close()
  report({ type: 'summary', ...countStates(deliveries) })
  return deliveries.some(({ state }) => state === 'accepted')
}

interface SenderWork {
  readonly client: HttpClient
  readonly context: Context
  readonly report: Report
  readonly charset: string | undefined
}

/** Runs something with a sender that stores nothing. */
async function withSender<T>(
  { client, context, report, charset }: SenderWork,
  work: (sender: Sender) => Promise<T>,
): Promise<T> {
  const { createMemoryStore, createSender } = await import('../../../index.js')
  const store = createMemoryStore()
  const onEvent = ({ type, delivery: { postId: _, ...delivery } }: SenderEvent): void =>
    report({ type, ...delivery })
  const onError = (error: unknown): void => context.err.text(`trackbacks announce: ${explain(error)}`)
  const options = { store, client, charset, limits, onEvent, onError }
  const sender = asUsage(() => createSender({ blogName: '', ...options }))
  try {
    return await work(sender)
  } finally {
    await sender.close()
    await store.close()
    context.progress.clear()
  }
}

function countStates(targets: readonly { readonly state: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { state } of targets) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

/** Rejects when the signal aborts, whatever the work does. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([work, aborted])
}
