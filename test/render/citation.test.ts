import { mf2 } from 'microformats-parser'
import type { DefaultTreeAdapterTypes as Tree } from 'parse5'
import { describe, expect, it } from 'vitest'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { attribute, elementsOf, pingUrl, textOf, trackback } from './page.js'

const html = renderTrackbacks({ post: { title: 'A post' }, pingUrl, trackbacks: [trackback()] })
const citation = {
  id: 'trackback-1',
  type: ['h-cite'],
  properties: {
    name: ['A reply'],
    url: ['http://source.example/2026/11/reply.html'],
    content: ['What I think of it.'],
    publication: ['The source'],
    published: ['2026-11-23T03:04:05.000Z'],
  },
}

describe('a trackback as others read it', () => {
  it('is an h-cite with the properties of its draft', () => {
    expect(mf2(html, { baseUrl: 'http://blog.example/' }).items).toEqual([citation])
  })

  it('is a comment of the h-entry that it stands in', () => {
    const page = `<article class="h-entry"><h1 class="p-name">A post</h1>${html}</article>`
    const [entry] = mf2(page, { baseUrl: 'http://blog.example/' }).items
    expect(entry?.children).toBeUndefined()
    expect(entry?.properties).toEqual({
      name: ['A post'],
      comment: [{ ...citation, value: 'http://source.example/2026/11/reply.html' }],
    })
  })

  it('is a Comment of schema.org, part of a Blog', () => {
    const elements = elementsOf(html)
    const [comment] = elements.filter((element) => attribute(element, 'itemscope') !== undefined)
    expect(microdataOf(comment as Tree.Element)).toEqual({
      type: 'https://schema.org/Comment',
      name: 'A reply',
      url: 'http://source.example/2026/11/reply.html',
      text: 'What I think of it.',
      datePublished: '2026-11-23T03:04:05.000Z',
      isPartOf: { type: 'https://schema.org/Blog', name: 'The source' },
    })
  })
})

/** The properties of an item as HTML defines them, as far as they occur here. */
function microdataOf(item: Tree.Element): Record<string, unknown> {
  const found: Record<string, unknown> = { type: attribute(item, 'itemtype') }
  const visit = (element: Tree.Element): void => {
    for (const child of element.childNodes) {
      if (!('tagName' in child)) continue
      const name = attribute(child, 'itemprop')
      const isItem = attribute(child, 'itemscope') !== undefined
      if (name) found[name] = isItem ? microdataOf(child) : contentOf(child)
      if (!isItem) visit(child)
    }
  }
  visit(item)
  return found
}

function contentOf(element: Tree.Element): string | undefined {
  if (element.tagName === 'a') return attribute(element, 'href')
  return element.tagName === 'time' ? attribute(element, 'datetime') : textOf(element)
}
