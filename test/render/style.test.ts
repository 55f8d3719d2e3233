import { describe, expect, it } from 'vitest'
import { trackbacksStyle } from '../../src/render/style.js'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { elementsOf, pingUrl, trackback } from './page.js'

const written = [[trackback()], []].flatMap((trackbacks) =>
  elementsOf(renderTrackbacks({ post: { title: 'title' }, pingUrl, trackbacks })),
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
    const rules = [...trackbacksStyle.matchAll(/([^{}]+)\{[^{}]*\}/g)]
    expect(
      rules
        .map(([rule]) => rule)
        .join('')
        .trim(),
    ).toBe(trackbacksStyle.trim())
    const selectors = rules.flatMap(([, selector = '']) => selector.split(',').map((part) => part.trim()))
    expect(selectors.filter((selector) => !selector.startsWith('.trackback'))).toEqual([])
  })

  it('takes its colours from the page and knows no left or right', () => {
    expect(trackbacksStyle).not.toMatch(/#[0-9a-f]{3}|rgb\(|left|right|url\(|@import|</)
  })
})
