import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Address, compareAddresses, toAddress, withoutWww } from '../discover/identifier.js'
import { TrackbackError, type TrackbackErrorCode } from '../errors.js'
import { readBeginning } from '../http/body.js'
import { type HttpClient, sharedClient } from '../http/client.js'
import { positiveInteger } from '../limits.js'
import { resolveUrl, usualUrlLength } from '../protocol/url.js'
import type { Passage } from '../store/store.js'
import { createEnclosure, isByOthers } from '../text/by-others.js'
import { decodeDocument } from '../text/charset.js'
import { attributeOf, createHtmlTokenizer, type HtmlAttribute } from '../text/html.js'
import { createTitleReader } from '../text/title.js'
import { createPassage, type PassageReader } from './passage.js'

/**
 * What a look at the source showed.
 *
 * - `linked`: the page links to the target.
 * - `not-linked`: the page was read and does not.
 * - `gone`: the page does not exist (404) or no longer (410).
 * - `unreachable`: no answer, or one that says nothing about the page (5xx, 401, …); worth another try.
 * - `blocked`: the source is at an address that is never asked.
 */
export interface Verification {
  readonly outcome: 'linked' | 'not-linked' | 'gone' | 'unreachable' | 'blocked'
  /** Why, in a few words for the author. */
  readonly reason: string
  /** Where the source ended up after redirects; absent where nothing answered. */
  readonly finalUrl?: string
  /** The HTTP status of the source. */
  readonly status?: number
  /** The source page's own title: plain text by strangers. */
  readonly title?: string
  /** The link that was found, resolved. */
  readonly link?: string
  /**
   * Every link to the target is one that others may have written: it stands in the page's comments or in its list of
   * trackbacks, or is marked so (`rel="ugc"`). A receiver leaves such a trackback to the author. @default absent
   */
  readonly isByOthers?: true
  /** The text around that link, so that nobody has to open the page to see what is said: plain text by strangers. */
  readonly passage?: Passage
  /** Why nothing answered. */
  readonly code?: TrackbackErrorCode
}

/** Options of `verifySource`. */
export interface VerifyOptions {
  /** A client to fetch through, made by `createHttpClient`; it stays open. @default one that all calls of the process share */
  readonly client?: HttpClient | undefined
  /** Other URLs of the target: a link to one of them is a link to the target. @default none */
  readonly aliases?: readonly string[] | undefined
  /** The longest URL in the page, in characters, also once it is resolved; a longer one counts as none. @default 2048 */
  readonly maxUrlLength?: number | undefined
  /** Asked before a redirect of the source is followed; what it throws ends the look, and is thrown. */
  readonly beforeRedirect?: ((url: URL) => void) | undefined
  /** Ends the look; its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined
}

/** How much of a page is read in one turn of the event loop, in characters. */
const slice = 8192

/**
 * Fetches a source and looks for a link to the target: an `<a>` or `<area>`, or the `cite` of a quotation, found by a
 * real tokenizer, so that links in scripts and comments do not count (PROTOCOL 90, 91). URLs are compared as in
 * discovery; a fragment of the target counts. Of a page larger than the client's `maxResponseSize` the beginning is read. Where only
 * comments, trackbacks or links marked as `ugc` lead to the target, the page is linked, and `isByOthers` is set.
 *
 * Everything the source can do is a value; only what the caller does throws: an abort, a client that was closed
 * (`CLOSED`), a mistaken argument (`TypeError`).
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
  const targets = [targetUrl, ...(options.aliases ?? [])].map((url) => new URL(url).href)
  try {
    return await look(String(sourceUrl), targets, options)
  } catch (error) {
    if (!(error instanceof TrackbackError) || error.code === 'CLOSED') throw error
    const { code, message } = error
    return { outcome: code === 'BLOCKED_URL' ? 'blocked' : 'unreachable', reason: message, code }
  }
}

async function look(
  url: string,
  targets: readonly string[],
  { client = sharedClient(), signal, beforeRedirect, maxUrlLength }: VerifyOptions,
): Promise<Verification> {
  const longest = positiveInteger(maxUrlLength, usualUrlLength, 'maxUrlLength')
  const accept = 'text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1'
  const response = await client.request({ url, headers: { accept }, beforeRedirect, signal })
  const { status, url: finalUrl } = response
  const contentType = response.header('content-type')
  const refusal = refusalOf(status, contentType)
  if (refusal) {
    response.cancel()
    return { ...refusal, finalUrl, status }
  }
  const { text } = decodeDocument(await readBeginning(response.body), { kind: 'html', contentType })
  return {
    ...(await lookForLink(
      text,
      finalUrl,
      targets.flatMap((target) => toAddress(target) ?? []),
      longest,
    )),
    finalUrl,
    status,
  }
}

function refusalOf(
  status: number,
  contentType: string | null,
): Pick<Verification, 'outcome' | 'reason'> | null {
  if (status === 404 || status === 410) return { outcome: 'gone', reason: `the page answers ${status}` }
  if (status < 200 || status >= 300) return { outcome: 'unreachable', reason: `the page answers ${status}` }
  if (
    contentType !== null &&
    !/^\s*(text\/|application\/(xhtml\+xml|xml|atom\+xml|rss\+xml))/i.test(contentType)
  ) {
    return { outcome: 'not-linked', reason: 'the source is not a page' }
  }
  return null
}

type Finding = Pick<Verification, 'outcome' | 'reason' | 'title' | 'link' | 'isByOthers' | 'passage'>

/** A link, and the text around it. */
interface Sighting {
  link?: string
  readonly passage: PassageReader
}

async function lookForLink(
  html: string,
  pageUrl: string,
  targets: readonly Address[],
  longest: number,
): Promise<Finding> {
  let matcher = createMatcher(targets, pageUrl, longest)
  let hasBase = false
  const title = createTitleReader()
  const byOthers = createEnclosure(isByOthers)
  const own: Sighting = { passage: createPassage() }
  const theirs: Sighting = { passage: createPassage() }
  const sightings = [own, theirs]
  const tokenizer = createHtmlTokenizer({
    startTag(name, attributes, selfClosing) {
      byOthers.startTag(name, attributes)
      title.startTag(name, attributes, selfClosing)
      for (const { passage } of sightings) passage.startTag(name)
      const sighting = byOthers.isInside ? theirs : own
      if (own.link !== undefined) return
      if (name === 'base' && !hasBase) {
        const href = attributeOf(attributes, 'href')
        hasBase = href !== undefined
        matcher = createMatcher(targets, resolveUrl(href ?? '', pageUrl, longest) ?? pageUrl, longest)
      }
      if (sighting.link !== undefined) return
      const found = matcher(linkOf(name, attributes))
      if (found === null) return
      sighting.link = found
      sighting.passage.link(name)
    },
    endTag(name) {
      byOthers.endTag(name)
      for (const { passage } of sightings) passage.endTag(name)
    },
    text(text) {
      if (own.passage.isComplete) tokenizer.stop()
      for (const { passage } of sightings) if (!passage.isComplete) passage.text(text)
    },
    rawText: title.rawText,
  })
  for (let at = 0; at < html.length && !own.passage.isComplete; at += slice) {
    tokenizer.write(html.slice(at, at + slice))
    await nextTurn()
  }
  tokenizer.end()
  return findingOf(own, theirs, title.read())
}

function findingOf(own: Sighting, theirs: Sighting, pageTitle: string): Finding {
  const title = pageTitle && { title: pageTitle }
  const { link, passage } = own.link === undefined ? theirs : own
  if (link === undefined)
    return { outcome: 'not-linked', reason: 'the page does not link to the post', ...title }
  const found = { outcome: 'linked', link, passage: passage.read(), ...title } as const
  if (own.link !== undefined) return { reason: 'the page links to the post', ...found }
  const reason = 'the page links to the post only from comments, trackbacks or other user content'
  return { reason, isByOthers: true, ...found }
}

function linkOf(name: string, attributes: readonly HtmlAttribute[]): string | undefined {
  if (name === 'a' || name === 'area') return attributeOf(attributes, 'href')
  if (name === 'blockquote' || name === 'q') return attributeOf(attributes, 'cite')
  return undefined
}

/**
 * Makes a function that gives the URL of a link if it is one of the targets. What cannot be one is not resolved: a relative
 * link, unless the base has a target's host.
 */
function createMatcher(
  targets: readonly Address[],
  base: string,
  longest: number,
): (reference: string | undefined) => string | null {
  const isAbroad = !targets.some(({ host }) => withoutWww(host) === withoutWww(toAddress(base)?.host ?? ''))
  return (reference) => {
    if (reference === undefined || (isAbroad && !/^\s*(?:https?:|[\\/]\s*[\\/])/i.test(reference)))
      return null
    const url = resolveUrl(reference, base, longest)
    const address = url === null ? null : toAddress(url)
    return address && targets.some((target) => compareAddresses(address, target)) ? url : null
  }
}
