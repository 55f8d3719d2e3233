import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { trackbacksStyle } from '../../src/render/style.js'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { trackback } from '../render/page.js'
import { describeChromium, openPage, startBrowser, violationsOf } from './browser.js'

/** What the stylesheets of sites do to plain elements, in our own words. */
const sites: Record<string, string> = {
  'Bootstrap: pink code, links without a line':
    'code { color: #d63384; font-size: .875em } a { color: #0d6efd; text-decoration: none }',
  'Tailwind preflight: everything reset':
    '*, ::before { margin: 0; padding: 0; border: 0 solid } a { color: inherit; text-decoration: inherit } ol, ul { list-style: none } button { background: none; font: inherit; color: inherit; border-radius: 0 }',
  'buttons as flex boxes in capitals':
    'button { display: inline-flex; text-transform: uppercase; text-indent: 2em } [type=button] { display: inline-flex }',
  'paragraphs as in a Japanese book': 'p { text-indent: 1em; text-align: justify } li { text-indent: 1em }',
  'Ghost: prose':
    'article p { font-size: 1.25rem; margin: 0 0 1.5em } article a { text-decoration: underline }',
}

const list = renderTrackbacks({
  post: { title: 'A post' },
  pingUrl: 'https://blog.example/trackback/18521/60408081',
  trackbacks: [trackback(), trackback({ id: '2', title: '' })],
})

/** The styles on which it depends whether the list can be read, of the parts that sites break. */
const looks = `Object.fromEntries([
  ['.trackbacks-ping-url', ['color']],
  ['.trackbacks-copy', ['display']],
  ['.trackbacks-intro', ['textIndent', 'textAlign']],
  ['.trackback-title', ['textIndent', 'textAlign']],
  ['.trackback-excerpt', ['textIndent', 'textAlign']],
  ['.trackback', ['textIndent']],
  ['a.trackback-link', ['textDecorationLine', 'fontWeight']],
].map(([selector, names]) => {
  const style = getComputedStyle(document.querySelector(selector))
  return [selector, names.map((name) => style[name])]
}))`

describeChromium("a site's own CSS", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  }, 60_000)
  afterAll(() => browser?.close())

  it.each([false, true])(
    'leaves the list as it is, whichever stylesheet comes last: %s',
    async (isSiteLast) => {
      const page = await openPage(browser, {})
      const show = async (css: string) => {
        const sheets = isSiteLast ? [trackbacksStyle, css] : [css, trackbacksStyle]
        const head = sheets.map((sheet) => `<style>${sheet}</style>`).join('')
        await page.setContent(
          `<!DOCTYPE html><html lang="en"><title>x</title><style>body { color: #222; background: #fff }</style>${head}<main><h1>A post</h1><article>${list}</article></main>`,
        )
        return page.evaluate(looks)
      }
      const plain = await show('')
      expect(plain).toMatchObject({
        '.trackbacks-copy': ['none'],
        '.trackback-excerpt': ['0px', 'start'],
        'a.trackback-link': ['underline', '600'],
      })
      for (const [name, css] of Object.entries(sites)) {
        expect(await show(css), name).toEqual(plain)
        expect(await violationsOf(page), name).toEqual([])
      }
      await page.context().close()
    },
  )
})
