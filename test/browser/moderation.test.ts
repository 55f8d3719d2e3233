import type { RequestListener } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { createModerationHandler } from '../../src/programs/moderation-page/handler.js'
import { toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import { createDeliveries, deliveryStates, newDelivery } from '../../src/send/outbox/delivery.js'
import { createSender } from '../../src/send/outbox/sender.js'
import { receiverHolding } from '../programs/moderation-page/support.js'
import { serve } from '../support/servers.js'
import { describeChromium, openPage, overflowOf, startBrowser, violationsOf } from './browser.js'

describeChromium('the moderation page in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  }, 60_000)
  afterAll(() => browser?.close())

  async function opened(count: number, lang = 'en') {
    const held = await receiverHolding(
      ...Array.from({ length: count }, (_, index) => ({
        title: `Trackback ${index}`,
        receivedAt: Date.UTC(2026, 10, 1) + index,
        checks: [{ check: 'akismet', score: -5, reason: { code: 'spam' } as const }],
        verification: {
          ...{ outcome: 'linked', reason: { code: 'linked' } as const, checkedAt: 1, attempts: 1 },
          passage: { before: 'I read ', link: 'a post', after: ' about it' },
        },
      })),
    )
    for (const state of deliveryStates) {
      const url = `https://${state}.example/2026/11/an-entry-with-a-name-that-goes-on-and-on`
      const delivery = { ...newDelivery('7', { url, isPingUrl: false }, Date.UTC(2026, 10, 1)), state }
      const pingUrl = `https://${state}.example/trackback/18521/60408081`
      await createDeliveries(held.store.records).write({ ...delivery, attempts: 2, pingUrl }, 0)
    }
    const sender = createSender({ store: held.store, blogName: 'My blog', worker: false })
    onTestFinished(() => sender.close())
    let answer: RequestListener = (_, response) => void response.end()
    const { origin } = await serve((request, response) => answer(request, response))
    const options = { baseUrl: `${origin}/moderation/`, authorize: () => 'hanako', lang, sender }
    answer = toNodeHandler(createModerationHandler(held.receiver, options))
    return { ...held, url: `${origin}/moderation/` }
  }

  const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent')
  /** Presses a key that sends a form, and waits for the page that follows. */
  async function send(page: Page, key: string): Promise<void> {
    await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)])
  }

  it('decides on forty trackbacks by keys, one key each, and undoes the last', async () => {
    const { store, url } = await opened(40)
    const page = await openPage(browser, {})
    await page.goto(url)
    await page.keyboard.press('j')
    for (let index = 0; index < 40; index += 1) {
      await page.waitForFunction(`document.activeElement.textContent === 'Trackback ${index}'`)
      await send(page, index % 2 ? 's' : 'p')
      if (index === 24) expect(await page.locator('.item').count()).toBe(15)
    }
    expect([await store.count({ state: 'published' }), await store.count({ state: 'rejected' })]).toEqual([
      20, 20,
    ])
    await send(page, 'u')
    expect(await store.count({ state: 'held' })).toBe(1)
    await page.context().close()
  })

  it('goes up and down, ticks, searches and lists its keys; what is typed into a field is text', async () => {
    const { url } = await opened(3)
    const page = await openPage(browser, {})
    await page.goto(url)
    for (const [key, title] of [...'jjkjj'].map((key, at) => [key, [0, 1, 0, 1, 2][at]] as const)) {
      await page.keyboard.press(key)
      expect(await focused(page)).toBe(`Trackback ${title}`)
    }
    await page.keyboard.press('x')
    expect(await page.locator('.pick :checked').count()).toBe(1)
    await page.keyboard.press('?')
    expect(await page.locator('.keys[open]').innerText()).toContain('j, k')
    await page.keyboard.press('/')
    await page.keyboard.type('spjx?')
    expect(await page.inputValue('#q')).toBe('spjx?')
    await page.context().close()
  })

  it('ticks all without loading the page, and again none', async () => {
    const { url } = await opened(3)
    const page = await openPage(browser, {})
    await page.goto(url)
    await page.evaluate('window.isSamePage = true')
    const ticked = async () => [
      await page.locator('.pick :checked').count(),
      await page.evaluate('window.isSamePage'),
    ]
    await page.click('.select-all')
    expect(await ticked()).toEqual([3, true])
    await page.click('.select-all')
    expect(await ticked()).toEqual([0, true])
    await page.context().close()
    const plain = await openPage(browser, { javaScriptEnabled: false })
    await plain.goto(url)
    await plain.click('.select-all')
    expect(await plain.locator('.pick :checked').count()).toBe(3)
    expect(await plain.locator('.keys').isVisible()).toBe(false)
    await plain.context().close()
  })

  it.each([true, false])(
    'keeps its place after a decision, with a script and without: %s',
    async (javaScriptEnabled) => {
      const { url } = await opened(20)
      const page = await openPage(browser, { javaScriptEnabled, viewport: { width: 390, height: 844 } })
      await page.goto(url)
      await page.locator('.item').nth(12).locator('.do-spam').click()
      await page.waitForURL('**/held?done=*')
      const box = await page.locator('.status').boundingBox()
      expect(box?.y).toBeGreaterThanOrEqual(0)
      expect(box?.y).toBeLessThan(844)
      expect(await page.locator('.item h2').nth(12).innerText()).toBe('Trackback 13')
      await page.context().close()
    },
  )

  it('shows six trackbacks on a screen of 1280 × 900', async () => {
    const { url } = await opened(10)
    const page = await openPage(browser, { viewport: { width: 1280, height: 900 } })
    await page.goto(url)
    const sixth = await page.locator('.item').nth(5).boundingBox()
    expect((sixth?.y ?? 900) + (sixth?.height ?? 0)).toBeLessThanOrEqual(900)
    await page.context().close()
  })

  const widths = [320, 390, 768, 1280]
  it.each(['en', 'ja'])('suits everybody at every width, with the current tab in view: %s', async (lang) => {
    const { url, receiver, ids } = await opened(30, lang)
    for (const [index, action] of (['publish', 'spam', 'remove'] as const).entries())
      await receiver.moderation[action](ids[index] ?? '', 'a reason', 'hanako')
    const paths = [
      '',
      'published',
      'spam',
      'spam?only=rejected',
      'removed',
      'held?select=all',
      'sent',
      'sent?state=refused',
      `trackback/${ids[5]}?from=held`,
      'trackback/99',
    ]
    for (const width of widths) {
      // Axe takes a second for a page: it looks at a phone, in the dark, and at a desk.
      const colorScheme = width === 390 ? 'dark' : 'light'
      const page = await openPage(browser, { colorScheme, viewport: { width, height: 900 } })
      for (const path of [
        ...paths,
        'blocks?value=https%3A%2F%2Fblog0.example%2Fentry',
        'blocks?value=co.jp',
      ]) {
        await page.goto(url + path)
        await page.evaluate("for (const each of document.querySelectorAll('.feed')) each.open = true")
        if (path === '' && width === 320) await page.click('.feed button:visible')
        if (width === 390 || width === 1280) expect([path, await violationsOf(page)]).toEqual([path, []])
        expect([width, path, await overflowOf(page)]).toEqual([width, path, 0])
        const tab = page.locator('.head nav [aria-current]')
        const box = (await tab.count()) > 0 ? await tab.boundingBox() : { x: 0, width: 0 }
        const isInView = (box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= width
        expect(isInView, `${path}, ${width}`).toBe(true)
      }
      await page.context().close()
    }
  })
})
