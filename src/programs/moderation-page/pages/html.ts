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
  if (typeof value === 'object') return 'markup' in value ? value.markup : value.map(written).join('')
  return escapeAttribute(String(value))
}

/** Foreign text keeps its own direction and language, and cannot turn what stands around it. */
export function isolated(text: string): Html | null {
  return text === '' ? null : html`<bdi lang="">${text}</bdi>`
}

/** A URL as text. */
export function urlText(url: string): Html {
  return html`<bdi class="url">${url}</bdi>`
}

/** A link to a page of strangers; only its text where it leads to none. */
export function foreignLink(url: string, text: string): Html {
  const target = webUrl(url)
  if (!target) return urlText(text)
  return html`<a href="${target.href}" rel="ugc nofollow noopener noreferrer">${urlText(text)}</a>`
}

/** A list whose items need no marks; WebKit takes it for a list only if its role says so. */
export function listOfItems(items: readonly Value[], name = 'rows'): Html {
  return html`<ul class="${name}" role="list">
${items.map((item) => html`<li>${item}</li>\n`)}</ul>`
}

/** A button that sends its form: what it does, as its value says it, and the id of what it is about. */
export function button(value: string, text: string, about?: string): Html {
  const name = value.split(':', 1).join('')
  return html`<button type="submit" name="do" value="${value}" class="do-${name}"${about !== undefined && html` aria-describedby="${about}"`}>${text}</button>\n`
}
