import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import { describe, expect, it } from 'vitest'
import { parseRdf } from '../../src/protocol/rdf.js'
import { generateAnnouncement } from '../../src/render/autodiscovery.js'
import { payloads } from './page.js'

const url = 'http://blog.example/2026/11/jal.html'
const pingUrl = 'http://blog.example/t/trackback/18521/60408081'

function headOf(announcement: string): Tree.ChildNode[] {
  const document = parse(`<!doctype html><html><head>${announcement}</head><body></body></html>`)
  const [, html] = document.childNodes as [unknown, Tree.Element]
  expect((html.childNodes[1] as Tree.Element).childNodes).toEqual([])
  return (html.childNodes[0] as Tree.Element).childNodes.filter((node) => node.nodeName !== '#text')
}

describe('an announcement', () => {
  it('PROTOCOL 64: is a link whose rel is trackback', () => {
    const [link] = headOf(generateAnnouncement({ id: '1', url }, pingUrl)) as [Tree.Element]
    const attributes = Object.fromEntries(link.attrs.map(({ name, value }) => [name, value]))
    expect(attributes).toMatchObject({ rel: 'trackback', href: pingUrl })
  })

  it('PROTOCOL 40: is RDF in a comment that names the post and its ping URL', () => {
    const title = 'JALの対応を評価する'
    const [item] = parseRdf(generateAnnouncement({ id: '1', url, title, excerpt: '台風' }, pingUrl))
    expect(item).toMatchObject({ identifier: url, ping: pingUrl, title })
  })

  it('PROTOCOL 57: no title and no excerpt ends the comment or the attribute it stands in', () => {
    for (const text of payloads) {
      const nodes = headOf(generateAnnouncement({ id: '1', url, title: text, excerpt: text }, pingUrl))
      expect(
        nodes.map(({ nodeName }) => nodeName),
        JSON.stringify(text),
      ).toEqual(['link', '#comment'])
    }
  })
})
