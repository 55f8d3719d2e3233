import type { RequestListener } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createModerationHandler } from '../../src/programs/moderation-page/handler.js'
import { toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import { trackbacksStyle } from '../../src/render/style.js'
import { type RenderOptions, renderTrackbacks } from '../../src/render/trackbacks.js'
import { receiverHolding } from '../programs/moderation-page/support.js'
import { trackback } from '../render/page.js'
import { serve, servePages } from '../support/servers.js'
import { describeChromium, openPage, overflowOf, startBrowser, violationsOf } from './browser.js'

const arabic = {
  url: 'https://blog.example/arabic/entry',
  title: 'قرأت تدوينتكم عن ليلة في ناها (JAL)',
  excerpt: 'كانت الرحلة طويلة، لكن طاقم الطائرة كان لطيفا جدا طوال الوقت.',
  blogName: 'مدونة المسافر',
}
const hebrew = {
  ...arabic,
  url: 'https://blog.example/hebrew',
  title: 'תגובה לרשומה',
  excerpt: 'קראתי בעניין רב.',
}

/** Trackbacks as they wait: with what the checks said, with reasons, and with the passage of the source. */
const waiting = [arabic, hebrew, {}].map((texts, index) => ({
  ...texts,
  verification: {
    outcome: 'linked',
    reason: { code: 'linked' } as const,
    checkedAt: 1_700_000_100_000,
    attempts: 1,
    title: arabic.title,
    passage: { before: 'كتب أحدهم عن ', link: 'ليلة في ناها', after: '، وهذا رأيي' },
  },
  checks: [
    { check: 'content', score: 2 + index, reason: 'three links in a short text' },
    { check: 'known-host', score: -1.5, reason: { code: 'no-result' } as const },
  ],
  history: [
    {
      at: 1_700_000_200_000,
      state: 'held' as const,
      by: 'policy' as const,
      reason: 'the checks add up to 2.5',
    },
  ],
}))

/** Loads a page, and expects that it suits everybody and fits its window. */
async function expectFit(page: Page, url: string): Promise<void> {
  expect((await page.goto(url))?.status(), url).toBe(200)
  expect(await violationsOf(page), url).toEqual([])
  expect(await overflowOf(page), url).toBeLessThanOrEqual(0)
}

/** The writing directions of the elements that a selector finds. */
function directionsOf(page: Page, selector: string): Promise<string[]> {
  const all = `[...document.querySelectorAll(${JSON.stringify(selector)})]`
  return page.evaluate<string[]>(`${all}.map((each) => getComputedStyle(each).direction)`)
}

describeChromium('lists in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  }, 60_000)
  afterAll(() => browser?.close())

  const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
    [360, 1280].map((width) => ({ colorScheme, width })),
  )

  it.each(['ja', 'en'])(
    'of what waits are accessible, also with right-to-left trackbacks: %s',
    async (lang) => {
      const { receiver, ids } = await receiverHolding(...waiting)
      let answer: RequestListener = (_, response) => void response.end()
      const { origin } = await serve((request, response) => answer(request, response))
      const options = { baseUrl: `${origin}/moderation/`, authorize: () => 'hanako', lang, timeZone: 'UTC' }
      answer = toNodeHandler(createModerationHandler(receiver, options))
      for (const { colorScheme, width } of looks) {
        const page = await openPage(browser, { colorScheme, viewport: { width, height: 900 } })
        await expectFit(page, `${origin}/moderation/trackback/${ids[0]}`)
        await expectFit(page, `${origin}/moderation/`)
        expect(await page.locator('article.item').count()).toBe(3)
        expect(await page.locator('.passage').count()).toBe(3)
        const titles = await directionsOf(page, 'article.item h2 bdi')
        expect(titles.sort()).toEqual(['ltr', 'rtl', 'rtl'])
        expect(await directionsOf(page, '.passage bdi')).toEqual(['rtl', 'rtl', 'rtl'])
        await page.context().close()
      }
    },
  )

  it.each<[string, RenderOptions]>([
    ['ltr', { lang: 'ja' }],
    ['rtl', { lang: 'ar', messages: { dir: 'rtl', heading: 'التعقيبات' } }],
  ])(
    'under a post that reads %s are accessible, and right-to-left trackbacks keep their side',
    async (dir, options) => {
      const trackbacks = [arabic, hebrew, {}].map((texts, index) => trackback({ id: `${index}`, ...texts }))
      const view = {
        post: { title: 'JAL' },
        pingUrl: 'https://blog.example/trackback/18521/60408081',
        trackbacks,
      }
      const body = renderTrackbacks(view, { ...options, headingLevel: 1 })
      const html = `<!DOCTYPE html><html lang="ja"><meta name="viewport" content="width=device-width"><title>x</title><style>${trackbacksStyle}</style><main>${body.replace(' hidden>', '>')}</main>`
      const { origin } = await servePages({ '/': html })
      const page = await openPage(browser, { viewport: { width: 360, height: 900 } })
      await expectFit(page, `${origin}/`)
      for (const text of ['.trackback-title bdi', '.trackback-excerpt bdi'])
        expect(await directionsOf(page, text)).toEqual(['rtl', 'rtl', 'ltr'])
      const hosts = await directionsOf(page, '.trackbacks-ping-url, .trackback-host')
      expect(new Set(hosts)).toEqual(new Set(['ltr']))
      const leftOf = async (selector: string) => (await page.locator(selector).boundingBox())?.x ?? Number.NaN
      const isCopyAfter = (await leftOf('.trackbacks-copy')) > (await leftOf('.trackbacks-ping-url'))
      expect(isCopyAfter).toBe(dir === 'ltr')
      await page.context().close()
    },
  )
})
