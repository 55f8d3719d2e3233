import type { Ping } from '../../../src/base/types.js'

/** Texts that get lost or garbled where somebody decodes, escapes or cuts wrongly. */
const texts: readonly Omit<Ping, 'url'>[] = [
  {
    title: 'JALの対応を評価する',
    excerpt: '10月～12月の予定。①㈱髙橋、ﾃｽﾄ、𠮷野家。',
    blogName: '私のブログ',
  },
  {
    title: '봄날의 산책',
    excerpt: '어제는 날씨가 좋아서 공원까지 걸어갔다 왔습니다.',
    blogName: '나의 블로그',
  },
  { title: 'L’été à Köln', excerpt: 'naïve façade, Ærø, Łódź, žluťoučký kůň', blogName: 'Café Zoë' },
  { title: '😀 🎌', excerpt: '👩‍👩‍👧 and 👍🏽', blogName: '🐱 diary' },
  { title: '"double" and \'single\'', excerpt: '“curly”, «guillemets», 「鉤括弧」', blogName: 'The "Blog"' },
  { title: 'Tom & Jerry', excerpt: 'it says 1 < 2', blogName: 'Q & A' },
  { title: 'a <b>bold</b> title', excerpt: '<p>one</p>\n<p>two</p>', blogName: 'a <i>blog</i>' },
  { title: '1 + 1 = 2 + 0', excerpt: '100 % + more', blogName: 'C++' },
  { title: 'C:\\temp\\new', excerpt: 'a \\ b', blogName: 'back\\slash' },
  { title: 'caf&eacute; &amp; &#233;', excerpt: 'half a &reference', blogName: 'R&amp;D' },
  { title: 'line\nbreaks\tand  spaces', excerpt: ' around ', blogName: ' blog ' },
  { title: '長い題名'.repeat(100), excerpt: '長い本文と'.repeat(200), blogName: 'Long' },
  { title: 'it"s '.repeat(80), excerpt: 'emoji 😀 '.repeat(60), blogName: 'Cut' },
]

/** A ping for each of the texts, each from a page of its own. */
export const pings: readonly Ping[] = texts.map((text, index) => ({
  ...text,
  url: `https://blog.example/${index}?a=1&b=日本`,
}))
