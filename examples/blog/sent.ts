import { reasonText, type SenderReport } from 'trackbacks'
import type { Language } from './languages.js'
import { html, layout } from './pages.js'
import type { BlogPost } from './posts.js'

/** A post that was announced, and what became of it. */
export interface SentPost {
  readonly post: BlogPost
  readonly id: string
  readonly report: SenderReport
}

type Delivery = SenderReport['deliveries'][number]

/** What the author sees of the pings that the blog sends: to whom, what came of each, and a button to try again. */
export function sentPage(language: Language, posts: readonly SentPost[]): string {
  const sections = posts.map(
    ({ post, id, report }) => `<section class="sent">
<h2><a href="/posts/${post.number}">${html(post.title)}</a></h2>
<ul>
${report.deliveries.map((delivery) => `<li>${deliveryOf(delivery, id, language)}</li>`).join('\n')}
</ul>
</section>`,
  )
  const { sent, nothingSent } = language
  const main = `<h1>${sent}</h1>\n${sections.join('\n') || `<p>${nothingSent}</p>`}`
  return layout(language, `${sent} - ${language.name}`, '', main)
}

function deliveryOf(delivery: Delivery, id: string, language: Language): string {
  const { target, pingUrl, state, reason, attempts, answer, changedAt, nextAt } = delivery
  const { states, lang } = language
  const facts = [
    `<strong>${states[state]}</strong>`,
    `${language.attempts} ${attempts}`,
    timeOf(changedAt, language),
    nextAt !== null && `${language.next} ${timeOf(nextAt, language)}`,
  ]
  const words = answer === null ? reasonText(reason, lang) : `HTTP ${answer.status} ${wordsOf(answer)}`
  const retry = state !== 'waiting' && state !== 'accepted' && retryForm(id, target, language)
  return `<p><a href="${html(target)}">${html(target)}</a></p>
<p class="date">${facts.filter(Boolean).join(' · ')}</p>
<p>${html(words)}${pingUrl === null ? '' : ` <span class="date">(${html(pingUrl)})</span>`}</p>
${retry || ''}`
}

/** What the other side said: by strangers, so it is escaped like everything else. */
function wordsOf(answer: NonNullable<Delivery['answer']>): string {
  return answer.outcome === 'unrecognised' ? answer.snippet : (answer.message ?? '')
}

function retryForm(id: string, target: string, { retry }: Language): string {
  return `<form class="retry" method="post" action="/sent">
<input type="hidden" name="post" value="${html(id)}">
<input type="hidden" name="target" value="${html(target)}">
<button aria-label="${retry}: ${html(target)}">${retry}</button>
</form>`
}

function timeOf(at: number, { lang, timeZone }: Language): string {
  const time = new Date(at)
  const text = time.toLocaleString(lang, { dateStyle: 'medium', timeStyle: 'medium', timeZone })
  return `<time datetime="${time.toISOString()}">${text}</time>`
}
