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
  ['<meta property="og:title" content=" A &amp; B "><title>Page</title>', 'Page'],
  [
    '<meta property=" OG:Title " content="A &amp; B"><meta property="og:title" content="C"><title> </title>',
    'A & B',
  ],
  ['<meta name="og:title" content="A">', ''],
  [`<meta property="og:title" content="${'あ'.repeat(5000)}">`, `${'あ'.repeat(249)}…`],
  [`<title>${'あ'.repeat(5000)}</title>`, `${'あ'.repeat(249)}…`],
])('the title of %j', (html, title) => {
  expect(titleOf(html)).toBe(title)
})
