import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openPlace, type Place } from '../../examples/blog/place.js'
import { describeChromium, openPage, overflowOf, startBrowser, violationsOf } from './browser.js'

const password = 'window seat'
const screenshots = fileURLToPath(new URL('../../coverage/screenshots', import.meta.url))

describeChromium('the example blog in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-browser-'))
  let browser: Browser
  let place: Place
  /** The posts that were written here, by blog. */
  const written = { japanese: '', english: '' }

  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    mkdirSync(screenshots, { recursive: true })
    browser = await startBrowser()
    place = await openPlace({ folder, password, portJa: '0', portEn: '0' })
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await place?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const author = { username: 'me', password }

  /** Writes a post in the form on the front page, which suggests a post of the other blog to link to. */
  async function write(origin: string, title: string, text: string): Promise<string> {
    const page = await openPage(browser, {})
    await page.goto(origin)
    await page.fill('[name=title]', title)
    await page.fill('[name=text]', text)
    await page.click('form button')
    await page.waitForURL('**/posts/*')
    const url = page.url()
    await page.context().close()
    return url
  }

  /** Loads a page again and again until it shows something. */
  async function waitFor(page: Page, url: string, selector: string): Promise<void> {
    for (let looks = 0; looks < 100; looks += 1) {
      await page.goto(url)
      if ((await page.locator(selector).count()) > 0) return
      await page.waitForTimeout(200)
    }
    throw new Error(`${url} does not show ${selector}:\n${await page.locator('main').innerText()}`)
  }

  it('shows a trackback under the post that another blog wrote about', async () => {
    written.english = await write(
      place.english.origin,
      'A good answer',
      'A blog from Tokyo tells of a night in Naha.',
    )
    const page = await openPage(browser, { locale: 'ja-JP' })
    await waitFor(page, place.target, '.trackback')
    expect(await page.locator('.trackbacks-heading').innerText()).toBe('トラックバック')
    const link = page.locator('.trackback-link')
    expect(await link.innerText()).toBe('A good answer')
    expect(await link.getAttribute('href')).toBe(written.english)
    await page.context().close()
  })

  it('holds a trackback until the author publishes it on the page of moderation', async () => {
    const post = `${place.english.origin}/posts/7`
    written.japanese = await write(place.japanese.origin, 'JALの対応を評価する', '那覇の夜の話を読みました。')
    const page = await openPage(browser, { httpCredentials: author })
    const moderation = `${place.english.origin}/moderation/`
    await waitFor(page, moderation, 'article.item')
    await page.goto(post)
    expect(await page.locator('.trackback').count()).toBe(0)
    await page.goto(moderation)
    expect(await page.locator('article.item').innerText()).toContain('JALの対応を評価する')
    await page.click('article.item .do-publish')
    expect(await page.locator('[role=status]').innerText()).toContain('1 trackback published.')
    await page.goto(post)
    expect(await page.locator('.trackback-link').innerText()).toBe('JALの対応を評価する')
    await page.context().close()
  })

  it('takes the last decision back with one button', async () => {
    const page = await openPage(browser, { httpCredentials: author })
    await page.goto(`${place.english.origin}/moderation/published`)
    await page.click('article.item .do-hold')
    expect(await page.locator('article.item').count()).toBe(0)
    await page.click('[role=status] button:not([hidden])')
    await page.goto(`${place.english.origin}/posts/7`)
    expect(await page.locator('.trackback').count()).toBe(1)
    await page.context().close()
  })

  it('decides with the keyboard alone, and without a script', async () => {
    const page = await openPage(browser, { httpCredentials: author, javaScriptEnabled: false })
    await page.goto(`${place.english.origin}/moderation/published`)
    await page.locator('article.item input[type=checkbox]').focus()
    await page.keyboard.press('Space')
    await page.locator('.bulk .do-spam').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/moderation/published?*')
    expect(await page.locator('article.item').count()).toBe(0)
    await page.goto(`${place.english.origin}/moderation/spam`)
    await page.locator('article.item .do-notSpam').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/moderation/spam?*')
    await page.goto(`${place.english.origin}/posts/7`)
    expect(await page.locator('.trackback').count()).toBe(1)
    await page.context().close()
  })

  it('copies the trackback URL, and says so', async () => {
    for (const [url, said] of [
      [place.target, 'コピーしました'],
      [`${place.english.origin}/posts/7`, 'Copied'],
    ] as const) {
      const page = await openPage(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
      await page.goto(url)
      await page.click('.trackbacks-copy')
      await page.waitForSelector(`.trackbacks-copied:text("${said}")`)
      const copied = await page.evaluate('navigator.clipboard.readText()')
      expect(copied).toBe(await page.locator('.trackbacks-ping-url').innerText())
      await page.context().close()
    }
  })

  it('shows its author what was sent, and nobody else', async () => {
    const stranger = await openPage(browser, {})
    for (const path of ['moderation/sent', 'moderation/', 'moderation/published']) {
      const answer = await stranger.goto(`${place.english.origin}/${path}`).catch(() => null)
      expect(answer?.status() ?? 401).toBe(401)
    }
    await stranger.context().close()
    const page = await openPage(browser, { httpCredentials: author })
    await page.goto(`${place.english.origin}/moderation/sent`)
    expect(await page.locator('main').innerText()).toContain(place.target)
    await page.context().close()
  })

  const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
    [360, 1280].map((width) => ({ colorScheme, width })),
  )

  for (const blog of ['japanese', 'english'] as const) {
    for (const { colorScheme, width } of looks) {
      it(`is accessible and fits its window: ${blog}, ${width} px, ${colorScheme}`, async () => {
        const { origin } = place[blog]
        const post = blog === 'japanese' ? place.target : `${origin}/posts/7`
        const pages = {
          post,
          front: `${origin}/`,
          sent: `${origin}/moderation/sent`,
          waiting: `${origin}/moderation/`,
          published: `${origin}/moderation/published`,
          trackback: `${origin}/moderation/trackback/1`,
          blocks: `${origin}/moderation/blocks`,
          search: `${origin}/moderation/search?q=a`,
        }
        const viewport = { width, height: 900 }
        const page = await openPage(browser, { colorScheme, viewport, httpCredentials: author })
        for (const [name, url] of Object.entries(pages)) {
          expect((await page.goto(url))?.status(), url).toBe(200)
          if (name === 'front') await page.locator('main').waitFor()
          expect(await violationsOf(page), name).toEqual([])
          expect(await overflowOf(page), name).toBeLessThanOrEqual(0)
          const path = join(screenshots, `${name}-${blog}-${width}-${colorScheme}.png`)
          await page.screenshot({ path, fullPage: true })
        }
        await page.context().close()
      })
    }
  }
})
