import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { describe, it } from 'vitest'
import { withPrograms } from '../support/strength.js'

/** Where Chromium is: what `CHROMIUM` says, or where Debian and others put it; `undefined` where there is none. */
const chromiumPath: string | undefined = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))

/** Declares tests in Chromium; where it takes no part they are reported as skipped, with the reason. */
export function describeChromium(name: string, body: () => void): void {
  const missing = reasonAgainst()
  if (missing === null) describe(name, { timeout: 120_000 }, body)
  else describe.skip(`${name} (${missing})`, () => it('skipped', () => {}))
}

function reasonAgainst(): string | null {
  if (!withPrograms) return 'npm run test:all'
  return chromiumPath === undefined
    ? 'needs the Debian package "chromium", or the variable CHROMIUM that names one'
    : null
}

/** Starts Chromium so that it asks nobody but the pages it is given. */
export function startBrowser(): Promise<Browser> {
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
  ]
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet],
  })
}

/** A page in a window of its own. */
export async function openPage(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options)
  return context.newPage()
}

/** What axe finds wrong with a page, in a line each. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()')
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

/** How many pixels of a page lie beyond its window's right edge. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
