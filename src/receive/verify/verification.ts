import { setImmediate as nextTurn } from 'node:timers/promises'
import { TrackbackError } from '../../base/errors.js'
import { positiveInteger } from '../../base/limits.js'
import { type Address, compareAddresses, toAddress, withoutWww } from '../../discover/identifier.js'
import { readBeginning } from '../../http/body.js'
import { type HttpClient, sharedClient } from '../../http/client.js'
import { mediaTypeOf } from '../../protocol/media-type.js'
import { parseUrl, resolveUrl, usualUrlLength } from '../../protocol/url.js'
import { decodeDocument } from '../../text/charset/document.js'
import { attributeOf, createHtmlTokenizer, type HtmlAttribute, tokenizeHtml } from '../../text/html.js'
import { cleanText } from '../../text/plain.js'
import { createTitleReader } from '../../text/title.js'
import { createEnclosure, isByOthers, isHidden } from '../../text/user-content.js'
import type { Verification } from '../options/types.js'
import { createPassage, type PassageReader } from './passage.js'

/** Options of `verifySource`. */
export interface VerifyOptions {
  /** A client to fetch through, made by `createHttpClient`; it stays open. @default one that all calls of the process share */
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

/** How much of a page is read in one turn of the event loop, in characters. */
const slice = 8192

/**
 * Fetches a source and looks for a link to the target: an `<a>` or `<area>`, or the `cite` of a quotation, found by a
 * real tokenizer, so that links in scripts and comments do not count (PROTOCOL 90, 91), nor hidden or empty links, nor
 * anything that is not a web page (PROTOCOL 143). URLs are compared as in
 * discovery; a fragment of the target counts. Of a page larger than the client's `maxResponseSize` the beginning is read. Where only
 * comments, trackbacks or links marked as `ugc` lead to the target, the page is linked, and `isByOthers` is set.
 *
 * Problems with the source are returned as an outcome; it throws only on caller mistakes: an abort, a client that was closed
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
  const refusal = refusalOf(status, contentType, response.header('content-disposition'))
  if (refusal) {
    response.cancel()
    return { ...refusal, finalUrl, status }
  }
  const { text } = decodeDocument(await readBeginning(response.body), { kind: 'html', contentType })
  if (isXml(mediaTypeOf(contentType)) && !isXhtml(text)) return { ...notPage, finalUrl, status }
  const addresses = targets.flatMap((target) => toAddress(target) ?? [])
  return { ...(await lookForLink(text, finalUrl, addresses, longest)), finalUrl, status }
}

function refusalOf(
  status: number,
  contentType: string | null,
  disposition: string | null,
): Pick<Verification, 'outcome' | 'reason'> | null {
  if (status === 404 || status === 410) return { outcome: 'gone', reason: `the page answers ${status}` }
  if (status < 200 || status >= 300) return { outcome: 'unreachable', reason: `the page answers ${status}` }
  const isDownload = /^\s*attachment\b/i.test(disposition ?? '')
  const type = mediaTypeOf(contentType)
  return isDownload || !(webPages.has(type) || isXml(type)) ? notPage : null
}

const notPage = { outcome: 'not-linked', reason: 'the source is not a page' } as const
/** What browsers show as a page; a missing type counts as HTML (PROTOCOL 143, 144). */
const webPages: ReadonlySet<string> = new Set(['', 'text/html', 'application/xhtml+xml'])

/** Generic XML, which is a page if its root is that of XHTML. */
function isXml(type: string): boolean {
  return type === 'text/xml' || type === 'application/xml'
}

function isXhtml(text: string): boolean {
  let root: boolean | undefined
  tokenizeHtml(text.slice(0, slice), {
    startTag(name, attributes) {
      root ??= name === 'html' && attributeOf(attributes, 'xmlns') === 'http://www.w3.org/1999/xhtml'
    },
  })
  return root ?? false
}

type Finding = Pick<
  Verification,
  'outcome' | 'reason' | 'title' | 'link' | 'isByOthers' | 'passage' | 'canonicalUrl'
>

/** A link, the text around it, and whether something in it can be seen. */
interface Sighting {
  link: string | undefined
  isVisible: boolean
  passage: PassageReader
}

function newSighting(): Sighting {
  return { link: undefined, isVisible: false, passage: createPassage() }
}

/** Elements that show something without text. */
const shown = new Set(['img', 'svg', 'video', 'picture', 'canvas', 'object', 'embed', 'iframe', 'math'])

/** Forgets a link that ended, or was not closed, with nothing in it to see or click. */
function dropEmpty(sighting: Sighting, isEnd = false): void {
  if (sighting.link === undefined || sighting.isVisible || (sighting.passage.isInLink && !isEnd)) return
  Object.assign(sighting, newSighting())
}

async function lookForLink(
  html: string,
  pageUrl: string,
  targets: readonly Address[],
  longest: number,
): Promise<Finding> {
  let base = pageUrl
  let matcher = createMatcher(targets, base, longest)
  let hasBase = false
  const title = createTitleReader()
  const byOthers = createEnclosure(isByOthers)
  const hidden = createEnclosure(isHidden)
  let canonical: string | undefined
  const own = newSighting()
  const theirs = newSighting()
  const sightings = [own, theirs]
  const tokenizer = createHtmlTokenizer({
    startTag(name, attributes, selfClosing) {
      byOthers.startTag(name, attributes)
      title.startTag(name, attributes, selfClosing)
      hidden.startTag(name, attributes)
      const isSeen = !hidden.isInside && !isHidden(name, attributes)
      for (const each of sightings) {
        each.passage.startTag(name)
        dropEmpty(each)
        if (each.passage.isInLink && isSeen && shown.has(name)) each.isVisible = true
      }
      if (name === 'link' && canonical === undefined && isCanonical(attributes)) {
        canonical = resolveUrl(attributeOf(attributes, 'href') ?? '', base, longest) ?? undefined
      }
      const sighting = byOthers.isInside ? theirs : own
      if (own.link !== undefined) return
      if (name === 'base' && !hasBase) {
        const href = attributeOf(attributes, 'href')
        hasBase = href !== undefined
        base = resolveUrl(href ?? '', pageUrl, longest) ?? pageUrl
        matcher = createMatcher(targets, base, longest)
      }
      if (sighting.link !== undefined || !isSeen) return
      const found = matcher(linkOf(name, attributes))
      if (found === null) return
      sighting.link = found
      sighting.isVisible = name === 'area'
      sighting.passage.link(name)
    },
    endTag(name) {
      byOthers.endTag(name)
      hidden.endTag(name)
      for (const each of sightings) {
        each.passage.endTag(name)
        dropEmpty(each)
      }
    },
    text(text) {
      if (own.passage.isComplete) tokenizer.stop()
      if (hidden.isInside) return
      for (const each of sightings) {
        if (each.passage.isInLink && !each.isVisible) each.isVisible = showsSomething(text)
        if (!each.passage.isComplete) each.passage.text(text)
      }
    },
    rawText: title.rawText,
  })
  for (let at = 0; at < html.length && !own.passage.isComplete; at += slice) {
    tokenizer.write(html.slice(at, at + slice))
    await nextTurn()
  }
  tokenizer.end()
  for (const each of sightings) dropEmpty(each, true)
  const isSameHost = parseUrl(canonical ?? '')?.host === parseUrl(pageUrl)?.host
  return {
    ...findingOf(own, theirs, title.read()),
    ...(isSameHost && canonical !== undefined && { canonicalUrl: canonical }),
  }
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

function isCanonical(attributes: readonly HtmlAttribute[]): boolean {
  return /(?:^|\s)canonical(?:\s|$)/i.test(attributeOf(attributes, 'rel') ?? '')
}

/** Characters that show nothing (PROTOCOL 127), beside those that are no part of a text. */
const blank = /[\s\p{Default_Ignorable_Code_Point}\u2800]/gu

function showsSomething(text: string): boolean {
  return cleanText(text).replace(blank, '') !== ''
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
