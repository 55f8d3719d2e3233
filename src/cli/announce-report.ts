import type { AnnouncedPost, Delivery, Preview, SenderEvent } from '../index.js'
import type { Context } from './command.js'
import { withAdvice } from './failures.js'
import type { MainText } from './post-page.js'
import { printWords } from './send.js'
import { bold, dim, green, red, type Styled, yellow } from './style.js'

type ExpectedTarget = Preview['targets'][number]

/** The links of a post, as they were chosen. */
interface ChosenLinks extends Omit<Preview, 'targets'> {
  readonly targets: readonly string[]
}

/** Tells of an announcement as it goes on. */
export interface AnnounceReport {
  post(post: AnnouncedPost, mainText: MainText, links: ChosenLinks): void
  event(event: SenderEvent): void
  expected(target: ExpectedTarget): void
  summary(targets: readonly Pick<Delivery, 'state' | 'pingUrl'>[], isDry: boolean): void
}

/** The report that was asked for: lines of JSON, or text with a bar on a terminal. */
export function createAnnounceReport(context: Context): AnnounceReport {
  return context.given.has('json') ? jsonReport(context) : textReport(context)
}

function jsonReport({ out }: Context): AnnounceReport {
  return {
    post({ url, title, excerpt, blogName }, mainText, links) {
      out.json({ type: 'post', url, title, excerpt, blogName, mainText, ...links }, 'line')
    },
    event: ({ type, delivery: { postId: _, ...delivery } }) => out.json({ type, ...delivery }, 'line'),
    expected: (target) => out.json({ type: 'target', ...target }, 'line'),
    summary: (targets) => {
      const counts = tally(targets.map(({ state }) => state))
      out.json({ type: 'summary', ...Object.fromEntries(counts) }, 'line')
    },
  }
}

const places: Readonly<Record<MainText, string>> = {
  '.e-content': 'in its .e-content',
  '<article>': 'in its <article>',
  '<main>': 'in its <main>',
  page: 'in the whole page, which marks no main text',
}

function textReport({ out, progress }: Context): AnnounceReport {
  let total = 0
  let done = 0
  let what = ''
  return {
    post({ url, title, excerpt, blogName }, mainText, { targets, skipped, skippedCount }) {
      total = targets.length
      out.text(title ?? url, { style: 'bold' })
      out.text(url, { indent: 2, label: 'url' })
      if (blogName) out.text(blogName, { indent: 2, label: 'blog name' })
      if (excerpt) out.text(excerpt, { indent: 2, label: 'excerpt' })
      const followed = total === 0 ? 'none to follow' : `${total} to follow`
      out.text(`${followed} ${places[mainText]}`, { indent: 2, label: 'links' })
      if (skippedCount > 0) {
        const reasons = countEach(skipped.map(({ reason }) => skipWords[reason] ?? reason))
        out.text(`${skippedCount} (${reasons})`, { indent: 2, label: 'passed over' })
      }
    },
    event({ type, delivery }) {
      const { host } = new URL(delivery.pingUrl ?? delivery.target)
      if (type === 'found' || type === 'discovered' || type === 'postponed') {
        what = `${type === 'discovered' ? 'pinging' : 'reading'} ${host}`
        progress.show(what, done, total)
        return
      }
      done += 1
      progress.clear()
      const { state, target, pingUrl, reason, answer } = delivery
      const isSaid = state === 'accepted' || state === 'refused'
      print(headlines[state], isSaid ? { target, pingUrl } : { target, pingUrl, because: withAdvice(reason) })
      if (answer) printWords(out, answer, 4)
      if (done < total) progress.show(what, done, total)
    },
    expected({ target, state, pingUrl, reason }) {
      const isSent = state === 'waiting' && pingUrl !== null
      if (isSent) print(green('would ping'), { target, pingUrl, match: reason })
      else print(headlines[state], { target, pingUrl, because: withAdvice(reason) })
    },
    summary(targets, isDry) {
      out.line()
      if (targets.length === 0) out.line(yellow('There is nobody to ping.'))
      else out.line(bold(summaryOf(targets, isDry)), isDry ? dim(' (nothing was sent)') : '')
    },
  }

  function print(headline: Styled, { target, pingUrl, ...why }: Telling): void {
    out.line()
    out.line(headline, '  ', target)
    if (pingUrl !== null && pingUrl !== target) out.text(pingUrl, { indent: 4, label: 'ping URL' })
    for (const [label, text] of Object.entries(why)) out.text(text, { indent: 4, label })
  }
}

/** What is told of a target, and why, by its label. */
interface Telling extends Pick<Delivery, 'target' | 'pingUrl'> {
  readonly match?: string
  readonly because?: string
}

const headlines: Readonly<Record<Delivery['state'], Styled>> = {
  accepted: green('accepted'),
  refused: red('refused'),
  failed: red('failed'),
  'gave-up': yellow('not now'),
  waiting: yellow('not now'),
  'no-ping-url': dim('no ping URL'),
  duplicate: dim('same ping URL'),
}

const skipWords: Readonly<Record<string, string>> = {
  invalid: 'no URL',
  'not-http': 'not of the web',
  'own-post': 'to the post itself',
  'own-site': 'to its own site',
  media: 'to files',
  'too-many': 'too many',
}

/** Good news first. */
function summaryOf(targets: readonly Pick<Delivery, 'state' | 'pingUrl'>[], isDry: boolean): string {
  const words = targets.map((target) => summaryWord(target, isDry))
  return countEach(words.sort((a, b) => summaryOrder.indexOf(a) - summaryOrder.indexOf(b)))
}

const summaryOrder = [
  'accepted',
  'would be pinged',
  'refused',
  'failed',
  'not now',
  'without a ping URL',
  'with the same ping URL',
]

function summaryWord({ state, pingUrl }: Pick<Delivery, 'state' | 'pingUrl'>, isDry: boolean): string {
  if (isDry && state === 'waiting' && pingUrl !== null) return 'would be pinged'
  if (state === 'no-ping-url') return 'without a ping URL'
  return state === 'duplicate' ? 'with the same ping URL' : headlines[state].text
}

/** `2 accepted, 1 refused`. */
function countEach(words: readonly string[]): string {
  return [...tally(words)].map(([word, count]) => `${count} ${word}`).join(', ')
}

/** How often each word is there, in the order in which they come first. */
function tally(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
