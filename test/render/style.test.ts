import { describe, expect, it } from 'vitest'
import { trackbacksStyle } from '../../src/render/style.js'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { elementsOf, pingUrl, trackback } from './page.js'

const written = [[trackback({ url: 'http://日本語.example/' })], []].flatMap((trackbacks) =>
  elementsOf(renderTrackbacks({ post: { title: 'title' }, pingUrl, trackbacks, nextUrl: '?page=2' })),
)
const classes = new Set(
  written.flatMap(({ attrs }) => attrs.find(({ name }) => name === 'class')?.value.split(' ') ?? []),
)

describe('the stylesheet', () => {
  it('names only classes that the list has', () => {
    const named = [...trackbacksStyle.matchAll(/\.(track[\w-]+)/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !classes.has(name as string))).toEqual([])
  })

  it('touches nothing outside the list', () => {
    const flat = trackbacksStyle.replace(/@media [^{}]+\{((?:[^{}]+\{[^{}]*\})+)\s*\}/g, '$1').trim()
    const rules = [...flat.matchAll(/([^{}]+)\{[^{}]*\}/g)]
    expect(rules.map(([rule]) => rule).join('')).toBe(flat)
    const selectors = rules.flatMap(([, selector = '']) => selector.split(',').map((part) => part.trim()))
    expect(selectors.filter((selector) => !selector.startsWith('.trackback'))).toEqual([])
  })

  it('makes the copy button as large as a finger, and leaves it out on paper', () => {
    expect(trackbacksStyle).toMatch(
      /@media \(pointer: coarse\) \{\s*\.trackbacks-copy \{[^}]*min-block-size: 44px/,
    )
    expect(trackbacksStyle).toMatch(/@media print \{\s*\.trackbacks-copy[^{]*\{\s*display: none;\s*\}/)
  })

  it('takes its colours from the page and knows no left or right', () => {
    expect(trackbacksStyle).not.toMatch(/#[0-9a-f]{3}|rgb\(|left|right|url\(|@import|</)
  })
})
