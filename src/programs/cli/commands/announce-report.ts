import type { Delivery, MainText, PostPage, Preview, SenderEvent } from '../../../index.js'
import { reasonText } from '../../reason-text.js'
import type { Context } from '../terminal/command.js'
import { withAdvice } from '../terminal/failures.js'
import type { Printer } from '../terminal/printer.js'
import { bold, dim, green, red, type Styled, yellow } from '../terminal/style.js'
import { printWords } from './send.js'

type ExpectedTarget = Preview['targets'][number]
type DeliveryEvent = { readonly type: SenderEvent['type'] } & Omit<Delivery, 'postId'>
type PostEvent = { readonly type: 'post' } & Omit<PostPage, 'html'> & ChosenLinks

/** The links of a post, as they were chosen. */
interface ChosenLinks extends Omit<Preview, 'targets'> {
  readonly targets: readonly string[]
}

/** What happens to an announcement; `--json` writes it as it is. */
export type AnnounceEvent =
  | PostEvent
  | ({ readonly type: 'target' } & ExpectedTarget)
  | { readonly type: 'summary'; readonly [state: string]: unknown }
  | DeliveryEvent

/** The first event of an announcement. */
export function postEvent(page: PostPage, links: ChosenLinks): PostEvent {
  const { url, title, excerpt, blogName, mainText } = page
  return { type: 'post', url, title, excerpt, blogName, mainText, ...links }
}

/** Makes the report that was asked for: lines of JSON, or text. */
export function createAnnounceReport(context: Context, isDry: boolean): (event: AnnounceEvent) => void {
  return context.isJson ? (event) => context.out.json(event, 'line') : textReport(context, isDry)
}

const places: Readonly<Record<MainText, string>> = {
  '.e-content': 'in its .e-content',
  '<article>': 'in its <article>',
  '<main>': 'in its <main>',
  page: 'in the whole page (no main content marked)',
}

/** How a state is called for one target, and in the summary; good news first. */
const states = {
  accepted: [green('accepted'), 'accepted'],
  'would-ping': [green('would ping'), 'would be pinged'],
  refused: [red('refused'), 'refused'],
  failed: [red('failed'), 'failed'],
  'gave-up': [yellow('gave up'), 'gave up'],
  waiting: [yellow('unreachable'), 'unreachable'],
  'no-ping-url': [dim('no ping URL'), 'without a ping URL'],
  duplicate: [dim('same ping URL'), 'with the same ping URL'],
} as const satisfies Record<string, readonly [headline: Styled, summary: string]>

const skipWords: Readonly<Record<Preview['skipped'][number]['reason'], string>> = {
  invalid: 'invalid URL',
  'not-http': 'not http or https',
  'own-post': 'to the post itself',
  'own-site': 'to its own site',
  media: 'to files',
  'too-many': 'too many',
}

function textReport(context: Context, isDry: boolean): (event: AnnounceEvent) => void {
  const { out, progress } = context
  const waitFor = createWaitingLine(context)
  const ended: (keyof typeof states)[] = []

  function printTarget(state: keyof typeof states, event: ExpectedTarget | DeliveryEvent): void {
    const { target, pingUrl, reason } = event
    ended.push(state)
    out.line()
    out.line(states[state][0], '  ', target)
    out.rows({ 'ping URL': pingUrl === target ? null : pingUrl }, 4)
    if (state === 'would-ping') out.rows({ match: reasonText(reason) }, 4)
    else if (state !== 'accepted' && state !== 'refused') out.rows({ reason: withAdvice(reason) }, 4)
    if ('answer' in event && event.answer) printWords(out, event.answer, 4)
  }

  return (event) => {
    if (event.type === 'post') printPost(out, event)
    else if (event.type === 'summary') printSummary(out, ended, isDry)
    else if (event.type === 'target')
      printTarget(event.state === 'waiting' && event.pingUrl !== null ? 'would-ping' : event.state, event)
    else if (event.state === 'waiting') waitFor(event.target, event.pingUrl ?? event.target)
    else {
      progress.clear()
      printTarget(event.state, event)
      waitFor(event.target, null)
    }
  }
}

function printPost(out: Printer, event: PostEvent): void {
  const { url, title, excerpt, blogName, mainText, targets, skipped, skippedCount } = event
  out.text(title, { style: 'bold' })
  const followed = targets.length === 0 ? 'none to follow' : `${targets.length} to follow`
  const reasons = countEach(skipped.map(({ reason }) => skipWords[reason]))
  out.rows({
    ...{ url, 'blog name': blogName, excerpt },
    links: `${followed} ${places[mainText]}`,
    skipped: skippedCount > 0 ? `${skippedCount} (${reasons})` : null,
  })
}

function printSummary(out: Printer, ended: readonly (keyof typeof states)[], isDry: boolean): void {
  out.line()
  if (ended.length === 0) {
    out.line(yellow('Nothing to ping.'))
    return
  }
  const order = Object.keys(states) as (keyof typeof states)[]
  const sorted = order.flatMap((state) => ended.filter((each) => each === state))
  out.line(bold(countEach(sorted.map((state) => states[state][1]))), isDry ? dim(' (nothing was sent)') : '')
}

/** `2 accepted, 1 refused`. */
function countEach(words: readonly string[]): string {
  const counted = [...new Set(words)].map((word) => [words.filter((each) => each === word).length, word])
  return counted.map((pair) => pair.join(' ')).join(', ')
}

/**
 * Makes the line that says which targets are open, and for how long nothing has happened. It takes a target with the
 * URL that is requested for it, or `null` when the target is done.
 */
function createWaitingLine({ progress, signal }: Context): (target: string, url: string | null) => void {
  const hosts = new Map<string, string>()
  let since = Date.now()
  let timer: NodeJS.Timeout | undefined

  function show(): void {
    const [host] = hosts.values()
    clearInterval(timer)
    if (host === undefined || signal.aborted) return
    const others = hosts.size > 1 ? ` and ${hosts.size - 1} more` : ''
    const seconds = Math.round((Date.now() - since) / 1000)
    progress.show(`Waiting for ${host}${others}${seconds > 0 ? `, ${seconds} s` : ''}`)
    timer = setInterval(show, 1000).unref()
  }

  return (target, url) => {
    since = Date.now()
    if (url === null) hosts.delete(target)
    else hosts.set(target, new URL(url).host)
    show()
  }
}
