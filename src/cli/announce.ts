import type { AnnouncedPost, HttpClient, Sender, SenderEvent, SenderOptions } from '../index.js'
import { createAnnounceReport } from './announce-report.js'
import { type Arguments, urlArgument } from './arguments.js'
import { type Command, type Context, networkOptions } from './command.js'
import { explain } from './failures.js'
import type { FetchedPost } from './fetch-post.js'
import { withNetwork } from './network.js'
import { charsetOption, pingOptions } from './send.js'

// One attempt at each, now: what is to be tried again later is the work of a sender with a store.
const limits: SenderOptions['limits'] = { maxAttempts: 1, maxAge: 1, concurrentPings: 4 }

/** `trackbacks announce`: a ping to every page that a post links to. */
export const announce: Command = {
  name: 'announce',
  positionals: ['POST-URL'],
  summary: 'ping every page that a post links to',
  about: [
    "Fetches a post of yours, finds the links in its main text (the first .e-content, else <article>, else <main>, else the whole page; without headers, footers, navigation, asides, comments, trackbacks, and links marked rel=ugc), looks for the ping URL of each page they lead to, and pings it. Links to the post's own site are passed over. Title, excerpt and blog name are those of the page, as Open Graph and microformats give them.",
    'Each target is tried once, and nothing is kept: what is announced twice is pinged twice. Look first with --dry-run. Exit status 0 where at least one ping was accepted (or, with --dry-run, would be sent), 1 otherwise.',
  ],
  options: {
    'dry-run': { about: 'read the pages and say what would be pinged, but send nothing' },
    ...pingOptions,
    ...networkOptions,
  },
  json: [
    'A line for each event:',
    "{ type: 'post', url, title, excerpt, blogName, mainText, targets, skipped,",
    '  skippedCount }',
    '{ type, target, state, reason, pingUrl, answer, … }',
    "  type: 'found', 'discovered', 'accepted', 'refused', 'no-ping-url',",
    "  'duplicate', 'failed' or 'gave-up'; with --dry-run only 'target'",
    "{ type: 'summary', … } with the number of targets in each state",
  ],
  examples: [
    'trackbacks announce https://my.blog/2026/hello --dry-run',
    'trackbacks announce https://my.blog/2026/hello --blog-name "My blog"',
  ],
  async run(context: Context) {
    const { given, progress, signal } = context
    const url = urlArgument(given.positionals[0], 'POST-URL')
    charsetOption(given)
    const { fetchPost } = await import('./fetch-post.js')
    return withNetwork(given, async (client) => {
      progress.show(`Reading ${url}`)
      const page = await fetchPost(client, url, signal)
      progress.clear()
      return given.has('dry-run') ? preview(page, client, context) : ping(page, client, context)
    })
  },
}

async function preview(page: FetchedPost, client: HttpClient, context: Context): Promise<boolean> {
  const post = toPost(page, context.given)
  const report = createAnnounceReport(context)
  return withSender(client, context, undefined, async (sender) => {
    context.progress.show('Looking for ping URLs')
    const { targets, ...skipped } = await untilAborted(sender.preview(post), context.signal)
    context.progress.clear()
    report.post(post, page.mainText, { targets: targets.map(({ target }) => target), ...skipped })
    for (const target of targets) report.expected(target)
    report.summary(targets, true)
    return targets.some(({ state, pingUrl }) => state === 'waiting' && pingUrl !== null)
  })
}

async function ping(page: FetchedPost, client: HttpClient, context: Context): Promise<boolean> {
  const post = toPost(page, context.given)
  const report = createAnnounceReport(context)
  const deliveries = await withSender(client, context, report.event, async (sender) => {
    const { targets, skipped, skippedCount } = await sender.announce(post)
    report.post(post, page.mainText, { targets: targets.map(({ url }) => url), skipped, skippedCount })
    return (await sender.settled(post.id, { signal: context.signal })).deliveries
  })
  context.progress.clear()
  report.summary(deliveries, false)
  return deliveries.some(({ state }) => state === 'accepted')
}

function toPost(page: FetchedPost, given: Arguments): AnnouncedPost {
  const { url, html } = page
  return {
    ...{ id: url, url, html },
    title: given.text('title') ?? page.title,
    excerpt: given.text('excerpt') ?? page.excerpt,
    blogName: given.text('blog-name') ?? page.blogName,
  }
}

/** Does work with a sender that keeps nothing; all that it told of has been told when this resolves. */
async function withSender<T>(
  client: HttpClient,
  { given, err }: Context,
  onEvent: ((event: SenderEvent) => void) | undefined,
  work: (sender: Sender) => Promise<T>,
): Promise<T> {
  const { createMemoryStore, createSender } = await import('../index.js')
  const store = createMemoryStore()
  const onError = (error: unknown): void => err.text(`trackbacks announce: ${explain(error)}`)
  const charset = charsetOption(given)
  const options = { store, client, charset, limits, onEvent, onError }
  const sender = createSender({ blogName: '', ...options })
  try {
    return await work(sender)
  } finally {
    await sender.close()
    await store.close()
  }
}

/** A promise that takes no signal, but is not waited for once there is one. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([work, aborted])
}
