import { SaxesParser } from 'saxes'
import type { FeedView } from '../../src/feeds/feed.js'
import { trackback } from '../render/page.js'

/** The feed of one post; a test says what is different about its own. */
export function feed(changes: Partial<FeedView> = {}): FeedView {
  return {
    title: 'Trackbacks: A & B',
    url: 'http://blog.example/2026/11/jal.html',
    feedUrl: 'http://blog.example/2026/11/jal/trackbacks?page=1&all',
    trackbacks: [
      trackback({ id: '2', title: 'x < y & "z"', excerpt: '<b>5 > 4</b> & more' }),
      trackback({ id: '1', url: 'http://日本語.example/反応', title: '', excerpt: '', blogName: '' }),
    ],
    ...changes,
  }
}

/** The names of a document's elements, each with those of its attributes; throws for what is no XML 1.0. */
export function xmlSkeletonOf(xml: string): string[] {
  const names: string[] = []
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => names.push([name, ...Object.keys(attributes)].join(' ')))
  for (const event of ['comment', 'cdata', 'processinginstruction', 'doctype'] as const)
    parser.on(event, () => names.push(event))
  parser.write(xml).close()
  return names
}
