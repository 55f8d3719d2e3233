import type { Delivery, PostPage, Preview, SenderEvent } from '../../../index.js'
import type { Context } from '../terminal/command.js'
import { withAdvice } from '../terminal/failures.js'
import { bold, dim, type Printer, type Style, yellow } from '../terminal/printer.js'
import words from './announce.json' with { type: 'json' }
import { wordsOf } from './send.js'

/** The state of a delivery; with `--dry-run`, `would-ping` if a ping would be sent. */
type TargetState = Delivery['state'] | 'would-ping'

/**
 * What happens to a target; `unchanged` is one that a former run has finished, `tried` one of this run whose events were
 * told.
 */
export interface TargetEvent extends Pick<Delivery, 'target' | 'reason' | 'pingUrl'> {
  readonly type: 'target' | 'unchanged' | 'tried' | SenderEvent['type']
  readonly state: TargetState
  readonly answer?: Delivery['answer']
}

type Facts = Omit<PostPage, 'html'>
type Skips = Omit<Preview, 'targets'>

/** How often each text is in a list. */
type Counts = Readonly<Record<string, number>>

/** Tells how an announcement goes on. */
export type AnnounceReport = ReturnType<typeof createAnnounceReport>

/** Makes the report of a post of which these facts are sent. */
export function createAnnounceReport({ tell, progress }: Context, facts: Facts, isDry: boolean) {
  const hosts = new Map<string, string>()
  return {
    post(targets: readonly string[], skips: Skips): void {
      tell({ type: 'post', ...facts, targets, ...skips }, printPost)
    },
    /** Tells of a target, and shows the oldest of those that are open. */
    target(event: TargetEvent): void {
      const { type, state, target, pingUrl } = event
      const isOpen = state === 'waiting' && type !== 'target'
      if (isOpen) hosts.set(target, new URL(pingUrl ?? target).host)
      else hosts.delete(target)
      tell(event, isOpen ? () => {} : printTarget)
      const [host] = hosts.values()
      if (host !== undefined)
        progress.show(`Waiting for ${hosts.size > 1 ? `${hosts.size} targets (${host})` : host}`)
    },
    /** Tells how many targets are in each state, which is returned. */
    summary(all: readonly TargetState[]): Counts {
      const counts = countsOf(all)
      const summaries = Object.entries(states).map(([state, [, , summary = '']]) => [state, summary] as const)
      const text = listCounts(counts, summaries)
      tell({ type: 'summary', ...counts }, (out) => {
        out.line()
        if (text === '') out.line(yellow('Nothing to ping.'))
        else out.line(bold(text), isDry ? dim(' (nothing was sent)') : '')
      })
      return counts
    },
  }
}

/** How a state is called for one target, in which style, and in the summary; good news first. */
const states: Readonly<Record<TargetState, readonly string[]>> = words.states
const skipWords: Readonly<Record<Preview['skipped'][number]['reason'], string>> = words.skips

function printPost(out: Printer, event: Facts & Skips & { readonly targets: readonly string[] }): void {
  const { url, title, excerpt, blogName, mainText, targets, skipped, skippedCount } = event
  const skips = listCounts(countsOf(skipped.map(({ reason }) => reason)), Object.entries(skipWords))
  const place = mainText === 'page' ? 'the whole page (no main content marked)' : `its ${mainText}`
  out.line(bold(title))
  out.rows({
    ...{ url, 'blog name': blogName, excerpt },
    links: `${targets.length === 0 ? 'none' : targets.length} to follow in ${place}`,
    skipped: skippedCount > 0 ? `${skippedCount} (${skips})` : null,
  })
}

function printTarget(out: Printer, { type, state, target, pingUrl, reason, answer }: TargetEvent): void {
  out.line()
  const [style, headline = ''] = states[state]
  out.line(
    { text: headline, style: style as Style },
    '  ',
    target,
    type === 'unchanged' ? dim('  (in an earlier run)') : '',
  )
  const label = state === 'would-ping' ? 'match' : 'reason'
  const isPlain = state === 'accepted' || state === 'refused'
  const rows = {
    'ping URL': pingUrl === target ? null : pingUrl,
    [label]: isPlain ? null : withAdvice(reason),
  }
  out.rows({ ...rows, ...wordsOf(answer) }, 4)
}

function countsOf(texts: readonly string[]): Counts {
  const counts: Record<string, number> = {}
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1
  return counts
}

/** `2 accepted, 1 refused`, in the order of the words. */
function listCounts(counts: Counts, words: readonly (readonly [text: string, words: string])[]): string {
  return words.flatMap(([text, word]) => (counts[text] ? `${counts[text]} ${word}` : [])).join(', ')
}
