import { createRequire } from 'node:module'
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import type { ShownTrackback } from '../../src/render/item.js'

/** Strings that have broken other programs, by others. */
export const naughty = createRequire(import.meta.url)('big-list-of-naughty-strings') as string[]

/** Text that would like to be more than text. */
export const payloads = [
  ...naughty.filter((text) => text !== ''),
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '</bdi></a></li></ol></section><script>alert(1)</script>',
  '</title></style></textarea></script><svg onload=alert(1)>',
  '<!--',
  '-->',
  '--!><script>alert(1)</script>',
  '<![CDATA[',
  ']]>',
  '<?xml',
  '<!doctype html>',
  '<plaintext>',
  '<template>',
  '<base href="//evil.example/">',
  '<form action=//evil.example>',
  '<math><mtext>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;',
  '&quot; onclick=alert(1) x=&quot;',
  '&amp;amp;',
  '" onmouseover="alert(1)',
  "' autofocus onfocus='alert(1)",
  '` onclick=alert(1) `',
  "$& $1 $` $'",
  '\\u003cscript>',
  'a\0b',
  'a\u0000<b\u0000>',
  '\u202Eevil\u202C',
  '\u2066\u2067\u2068',
  '\uD800',
  '\uDC00<script>',
  '\uFEFF',
  '\u2028\u2029',
  '\r\n\r\n<script>',
  '\u001B[31m',
  '\u0085\u009B',
  '{{constructor}}',
  `\${alert(1)}`,
  '\uFF1Cscript\uFF1E',
  '<'.repeat(5000),
]

export const pingUrl = 'http://blog.example/t/trackback/18521/60408081'

/** A harmless trackback; a test says what is different about its own. */
export function trackback(changes: Partial<ShownTrackback> = {}): ShownTrackback {
  return {
    id: '1',
    url: 'http://source.example/2026/11/reply.html',
    title: 'A reply',
    excerpt: 'What I think of it.',
    blogName: 'The source',
    receivedAt: Date.UTC(2026, 10, 23, 3, 4, 5),
    ...changes,
  }
}

/** The elements of a page in document order, as a browser's parser sees them. */
export function elementsOf(html: string): Tree.Element[] {
  const found: Tree.Element[] = []
  collect(parse(`<!doctype html><body>${html}`), found)
  return found.filter(({ tagName }) => !['html', 'head', 'body'].includes(tagName))
}

/** What a page consists of, without what it says: each element with the names of its attributes. A URL may break anywhere. */
export function skeletonOf(html: string): string[] {
  return elementsOf(html)
    .filter(({ tagName }) => tagName !== 'wbr')
    .map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '))
}

export function byClass(html: string, name: string): Tree.Element[] {
  return elementsOf(html).filter((element) => attribute(element, 'class')?.split(' ').includes(name))
}

export function attribute(element: Tree.Element | undefined, name: string): string | undefined {
  return element?.attrs.find((candidate) => candidate.name === name)?.value
}

export function textOf(node: Tree.Node | undefined): string {
  if (!node) return ''
  if (node.nodeName === '#text') return (node as Tree.TextNode).value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

function collect(node: Tree.Node, found: Tree.Element[]): void {
  if ('tagName' in node) found.push(node)
  if ('childNodes' in node) for (const child of node.childNodes) collect(child, found)
}
