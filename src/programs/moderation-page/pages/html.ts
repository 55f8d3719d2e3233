import { webUrl } from '../../../protocol/url.js'
import { escapeAttribute } from '../../../text/escape.js'

/** HTML that is safe to write out: only `html` makes it. */
export interface Html {
  readonly markup: string
}

/** What may stand in a template: text, which is escaped; HTML; lists of both; `null`, `undefined` or `false` for nothing. */
export type Value = string | number | Html | readonly Value[] | null | undefined | false

/**
 * A template of HTML. Every value is escaped, for elements and for quoted attributes alike, unless it is HTML itself.
 *
 * ```ts
 * html`<p title="${title}">${text}</p>`
 * ```
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: strings.reduce((before, string, index) => before + written(values[index - 1]) + string) }
}

function written(value: Value): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string') return escapeAttribute(value)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map(written).join('')
}

/** Foreign text keeps its own direction and language, and cannot turn what stands around it. */
export function isolated(text: string): Html | null {
  return text === '' ? null : html`<bdi lang="">${text}</bdi>`
}

/** A link to a page of strangers; only its text where it leads to none. */
export function foreignLink(url: string, content: Value): Html {
  const target = webUrl(url)
  return target
    ? html`<a href="${target.href}" rel="ugc nofollow noopener noreferrer">${content}</a>`
    : html`${content}`
}
