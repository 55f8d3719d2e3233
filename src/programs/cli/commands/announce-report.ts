import type { Delivery, MainText, PostPage, Preview, SenderEvent } from '../../../index.js'
import type { Context } from '../terminal/command.js'
import { withAdvice } from '../terminal/failures.js'
import { bold, dim, green, type Printer, red, type Styled, yellow } from '../terminal/printer.js'
import { wordsOf } from './send.js'

/** The state of a delivery; with `--dry-run`, `would-ping` if a ping would be sent. */
export type TargetState = Delivery['state'] | 'would-ping'

interface PostEvent extends Omit<PostPage, 'html'>, Omit<Preview, 'targets'> {
  readonly type: 'post'
  readonly targets: readonly string[]
}

/** What happens to a target; `unchanged` is one that a former run has finished. */
interface TargetEvent extends Pick<Delivery, 'target' | 'reason' | 'pingUrl'> {
  readonly type: 'target' | 'unchanged' | SenderEvent['type']
  readonly state: TargetState
  readonly answer?: Delivery['answer']
}

/** How many targets there are in each state. */
type Summary = { readonly type: 'summary' } & { readonly [state in TargetState]?: number }

/** What happens to an announcement; `--json` writes it as it is. */
export type AnnounceEvent = PostEvent | TargetEvent | Summary

/** Makes the report that was asked for: lines of JSON, or text. */
export function createAnnounceReport(context: Context, isDry: boolean): (event: AnnounceEvent) => void {
  const { out, progress, isJson } = context
  const hosts = new Map<string, string>()

  /** Names the oldest of the targets that are open. */
  function showWaiting(): void {
    const [host] = hosts.values()
    if (host !== undefined)
      progress.show(`Waiting for ${hosts.size > 1 ? `${hosts.size} targets (${host})` : host}`)
  }

  if (isJson) return (event) => out.json(event, 'line')
  return (event) => {
    if (event.type === 'post') printPost(out, event)
    else if (event.type === 'summary') printSummary(out, event, isDry)
    else if (event.state === 'waiting' && event.type !== 'target') {
      hosts.set(event.target, new URL(event.pingUrl ?? event.target).host)
      showWaiting()
    } else {
      hosts.delete(event.target)
      progress.clear()
      printTarget(out, event)
      showWaiting()
    }
  }
}

const places: Readonly<Record<MainText, string>> = {
  '.e-content': 'in its .e-content',
  '<article>': 'in its <article>',
  '<main>': 'in its <main>',
  page: 'in the whole page (no main content marked)',
}

/** How a state is called for one target, and in the summary; good news first. */
const states: Readonly<Record<TargetState, readonly [headline: Styled, summary: string]>> = {
  accepted: [green('accepted'), 'accepted'],
  'would-ping': [green('would ping'), 'would be pinged'],
  refused: [red('refused'), 'refused'],
  failed: [red('failed'), 'failed'],
  'gave-up': [yellow('gave up'), 'gave up'],
  waiting: [yellow('unreachable'), 'unreachable'],
  'no-ping-url': [dim('no ping URL'), 'without a ping URL'],
  duplicate: [dim('same ping URL'), 'with the same ping URL'],
}

const skipWords: Readonly<Record<Preview['skipped'][number]['reason'], string>> = {
  invalid: 'invalid URL',
  'not-http': 'not http or https',
  'own-post': 'to the post itself',
  'own-site': 'to its own site',
  media: 'to files',
  'too-many': 'too many',
}

function printPost(out: Printer, event: PostEvent): void {
  const { url, title, excerpt, blogName, mainText, targets, skipped, skippedCount } = event
  const countOf = (reason: string): number => skipped.filter((link) => link.reason === reason).length
  const skips = Object.entries(skipWords).map(([reason, words]) => [words, countOf(reason)] as const)
  out.line(bold(title))
  out.rows({
    ...{ url, 'blog name': blogName, excerpt },
    links: `${targets.length === 0 ? 'none' : targets.length} to follow ${places[mainText]}`,
    skipped: skippedCount > 0 ? `${skippedCount} (${listCounts(skips)})` : null,
  })
}

function printTarget(out: Printer, { type, state, target, pingUrl, reason, answer }: TargetEvent): void {
  out.line()
  out.line(states[state][0], '  ', target, type === 'unchanged' ? dim('  (in an earlier run)') : '')
  const label = state === 'would-ping' ? 'match' : 'reason'
  const isPlain = state === 'accepted' || state === 'refused'
  const rows = {
    'ping URL': pingUrl === target ? null : pingUrl,
    [label]: isPlain ? null : withAdvice(reason),
  }
  out.rows({ ...rows, ...wordsOf(answer) }, 4)
}

function printSummary(out: Printer, { type: _, ...counts }: Summary, isDry: boolean): void {
  const order = Object.keys(states) as TargetState[]
  const words = listCounts(order.map((state) => [states[state][1], counts[state] ?? 0]))
  out.line()
  if (words === '') out.line(yellow('Nothing to ping.'))
  else out.line(bold(words), isDry ? dim(' (nothing was sent)') : '')
}

/** `2 accepted, 1 refused`. */
function listCounts(counts: readonly (readonly [words: string, count: number])[]): string {
  return counts.flatMap(([words, count]) => (count > 0 ? [`${count} ${words}`] : [])).join(', ')
}
