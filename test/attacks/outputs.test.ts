import { createRequire } from 'node:module'
import { XMLValidator } from 'fast-xml-parser'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, it } from 'vitest'
import { createReceiver } from '../../src/receive/receiver.js'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { createMemoryStore } from '../../src/store/memory.js'
import { openLimits } from '../support/open-limits.js'

const naughty: string[] = createRequire(import.meta.url)('big-list-of-naughty-strings')
const own = [
  ']]>',
  ']]><script>alert(1)</script>',
  '--><script>alert(1)</script><!--',
  '--!><img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '</title></rss></response><error>0</error>',
  '<![CDATA[<script>alert(1)</script>]]>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&amp;lt;script&amp;gt;',
  '&#60;img src=x onerror=alert(1)&#62;',
  '&#x0;&#xFFFE;&#xD800;&#9999999;',
  '"><svg/onload=alert(1)>',
  `' onmouseover='alert(1)`,
  '\ud800\udc00\ud800',
  '\u0000\u0008\u000b\u001b[31m\u007f\u0085\ufffe\uffff',
  '\u202eevil\u2066x\u2069\ufeff',
  '<a href="javascript:alert(1)">x</a>',
  '<!DOCTYPE x [<!ENTITY e "x">]>&e;',
  '%3Cscript%3E',
  'a'.repeat(5000),
]
const strings = [...naughty, ...own].filter((text) => text.trim() !== '')

/** The elements and attribute names of a page, text left aside. */
function skeleton(html: string): string {
  const lines: string[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) lines.push(`${node.tagName} ${node.attrs.map(({ name }) => name).join(' ')}`)
    if (node.nodeName === '#comment') lines.push('comment')
    if ('childNodes' in node) for (const child of node.childNodes) visit(child)
  }
  visit(parseFragment(html))
  return lines.join('\n')
}

async function outputsOf(text: string): Promise<{ html: string; rss: string; refusal: string }> {
  const post = { id: '7', url: 'http://my.example/7', title: 'A post' }
  let refusing = false
  const receiver = createReceiver({
    baseUrl: 'http://my.example/tb/',
    findPost: () => post,
    store: createMemoryStore(),
    publish: 'always',
    limits: openLimits,
    afterAdmission: () => (refusing ? text : undefined),
  })
  const fields = { url: 'http://other.example/1', title: text, excerpt: text, blog_name: text }
  const request = {
    url: '/tb/7',
    contentType: 'application/x-www-form-urlencoded; charset=utf-8',
    body: Buffer.from(new URLSearchParams(fields).toString()),
  }
  await receiver.handle({ method: 'POST', ...request })
  const { items } = await receiver.list('7')
  const html = renderTrackbacks({ post, pingUrl: receiver.pingUrl('7'), trackbacks: items })
  const { body: rss } = await receiver.handle({ method: 'GET', url: '/tb/7?__mode=rss' })
  refusing = true
  const { body: refusal } = await receiver.handle({ method: 'POST', ...request })
  await receiver.close()
  return { html, rss, refusal }
}

describe('what a stranger writes (THREATS X1, X3, X4)', () => {
  it(`is text in every output: ${strings.length * 3} outputs read back by parsers`, async () => {
    const harmless = skeleton((await outputsOf('text')).html)
    let outputs = 0
    for (const text of strings) {
      const { html, rss, refusal } = await outputsOf(text)
      const isEmpty = !html.includes('p-content') || !html.includes('p-publication')
      if (!isEmpty) expect(skeleton(html), text).toBe(harmless)
      expect(skeleton(html), text).not.toMatch(/script|iframe|svg|style|comment|on\w+/)
      for (const xml of [rss, refusal]) {
        expect(XMLValidator.validate(xml), text).toBe(true)
        expect(xml, text).not.toMatch(
          /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|<(?!\/?(response|error|message|rss|channel|title|link|description|item|language)\b|\?xml)/,
        )
        expect(xml.isWellFormed()).toBe(true)
      }
      for (const output of [html, rss]) expect(output, text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u001b]/)
      outputs += 3
    }
    expect(outputs).toBeGreaterThan(1400)
  }, 60_000)
})
