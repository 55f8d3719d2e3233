import { expect, it } from 'vitest'
import { tokenizeHtml } from '../../src/text/html.js'
import { createTitleReader } from '../../src/text/title.js'

function titleOf(html: string): string {
  const title = createTitleReader()
  tokenizeHtml(html, title)
  return title.read()
}

it.each([
  ['', ''],
  ['<p>no title', ''],
  ['<title> A &amp; <b>\n', 'A & <b>'],
  ['<title>Page</title><svg><title>Menu</title></svg><title>Other</title>', 'Page'],
  ['<title></title><title>Other</title>', ''],
  [`<title>${'あ'.repeat(5000)}</title>`, `${'あ'.repeat(249)}…`],
])('the title of %j', (html, title) => {
  expect(titleOf(html)).toBe(title)
})
