import { parseRdf } from '../../src/protocol/rdf.js'
import { tokenizeHtml } from '../../src/text/html.js'

/** All that discovery takes from a page. */
export function told(html: string): unknown[] {
  const tokens: unknown[] = [parseRdf(html)]
  tokenizeHtml(html, {
    startTag(name, attributes) {
      const isTelling =
        name === 'link' || name === 'base' || attributes.some(({ value }) => /trackback/i.test(value))
      if (isTelling && (name === 'a' || name === 'link' || name === 'base'))
        tokens.push([name, attributes.map(({ name, value }) => `${name}=${value}`)])
    },
  })
  return tokens
}
