import { TrackbackError } from '../../base/errors.js'
import { positiveInteger } from '../../base/limits.js'
import { optionCheck } from '../../base/options.js'
import { inTurns } from '../../base/waiting.js'
import { toAddress } from '../../discover/identifier.js'
import { readBeginning } from '../../http/body.js'
import { type HttpClient, type HttpResponse, sharedClient } from '../../http/client.js'
import { mediaTypeOf } from '../../protocol/media-type.js'
import { usualUrlLength } from '../../protocol/url.js'
import { readDocument } from '../../text/charset/document.js'
import { rootOf } from '../../text/html.js'
import type { Verification } from '../checks/check.js'
import { type Finding, findLink } from './link-search.js'

/** Options of `verifySource`. */
export interface VerifyOptions {
  /**
   * A client to fetch through, made by `createHttpClient`; it stays open.
   * @default one that all calls of the process share
   */
  readonly client?: HttpClient | undefined
  /** Other URLs of the target: a link to one of them is a link to the target. @default none */
  readonly aliases?: readonly string[] | undefined
  /** The longest URL in the page, in characters, also once it is resolved; a longer one counts as none. @default 2048 */
  readonly maxUrlLength?: number | undefined
  /** Asked before a redirect of the source is followed; what it throws ends the look, and is thrown. */
  readonly beforeRedirect?: ((url: URL) => void | Promise<void>) | undefined
  /** Ends the look; its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined
}

const checkOptions = optionCheck('verifySource', {
  ...{ object: 'client signal', list: 'aliases', function: 'beforeRedirect', any: 'maxUrlLength' },
})

/**
 * Fetches a source and looks for a link to the target: an `<a>` or `<area>`, or the `cite` of a quotation, found by a
 * real tokenizer, so that links in scripts and comments do not count (PROTOCOL 90, 91), nor hidden or empty links, nor
 * anything that is not a web page (PROTOCOL 143). URLs are compared as in discovery; a fragment of the target counts. Of
 * a page larger than the client's `maxResponseSize` the beginning is read. Where only comments, trackbacks or links
 * marked as `ugc` lead to the target, the page is linked, and `isUserContent` is set.
 *
 * Problems with the source are returned as an outcome; it throws only on caller mistakes: an abort, a client that was
 * closed (`CLOSED`), a mistaken argument (`TypeError`).
 *
 * ```ts
 * const { outcome, reason } = await verifySource('https://other.example/post', 'https://my.blog/2026/hello')
 * ```
 */
export async function verifySource(
  sourceUrl: string | URL,
  targetUrl: string | URL,
  options: VerifyOptions = {},
): Promise<Verification> {
  checkOptions(options)
  const targets = [targetUrl, ...(options.aliases ?? [])].map((url) => new URL(url).href)
  try {
    return await look(String(sourceUrl), targets, options)
  } catch (error) {
    if (!(error instanceof TrackbackError) || error.code === 'CLOSED') throw error
    const { code, message } = error
    const outcome = code === 'BLOCKED_URL' ? 'blocked' : 'unreachable'
    return { outcome, reason: { code, detail: message }, code }
  }
}

async function look(url: string, targets: readonly string[], options: VerifyOptions): Promise<Verification> {
  const { client = sharedClient(), signal, beforeRedirect, maxUrlLength } = options
  const longest = positiveInteger(maxUrlLength, usualUrlLength, 'maxUrlLength')
  const accept = 'text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1'
  const response = await client.request({ url, headers: { accept }, beforeRedirect, signal })
  const { status, url: finalUrl } = response
  const refusal = refusalOf(response)
  if (refusal) {
    response.cancel()
    return { ...refusal, finalUrl, status }
  }
  const contentType = response.header('content-type')
  const addresses = targets.flatMap((target) => toAddress(target) ?? [])
  const search = async (page: Uint8Array): Promise<Finding> => {
    const { text } = await inTurns(readDocument(page, { kind: 'html', contentType }))
    if (isXml(mediaTypeOf(contentType)) && !isXhtml(text)) return notPage
    return findLink({ html: text, url: finalUrl, maxUrlLength: longest, targets: addresses })
  }
  // A page that breaks off may link to the post; that it does not link, only a whole page says.
  const isEnough = async (page: Uint8Array, isBroken: boolean): Promise<boolean> =>
    isBroken && (await search(page)).outcome === 'linked'
  return { ...(await search(await readBeginning(response.body, isEnough))), finalUrl, status }
}

function refusalOf(response: HttpResponse): Pick<Verification, 'outcome' | 'reason'> | null {
  const { status } = response
  if (status === 404 || status === 410) return { outcome: 'gone', reason: { code: 'http-status', status } }
  if (status < 200 || status >= 300)
    return { outcome: 'unreachable', reason: { code: 'http-status', status } }
  const isDownload = /^\s*attachment\b/i.test(response.header('content-disposition') ?? '')
  const type = mediaTypeOf(response.header('content-type'))
  return isDownload || !(webPages.has(type) || isXml(type)) ? notPage : null
}

const notPage = { outcome: 'not-linked', reason: { code: 'not-a-page' } } as const
/** What browsers show as a page; a missing type counts as HTML (PROTOCOL 143, 144). */
const webPages: ReadonlySet<string> = new Set(['', 'text/html', 'application/xhtml+xml'])

/** Generic XML, which is a page if its root is that of XHTML. */
function isXml(type: string): boolean {
  return type === 'text/xml' || type === 'application/xml'
}

/** How much of XML is read to find its root, in characters. */
const FIRST_LOOK = 8192

function isXhtml(text: string): boolean {
  const root = rootOf(text.slice(0, FIRST_LOOK))
  return root?.name === 'html' && root.attributes.get('xmlns') === 'http://www.w3.org/1999/xhtml'
}
