import { TrackbackError } from '../base/errors.js'
import { inTurns } from '../base/waiting.js'
import { readBeginning } from '../http/body.js'
import type { HttpClient, HttpResponse } from '../http/client.js'
import { readFeed } from '../protocol/feed.js'
import { mediaTypeOf } from '../protocol/media-type.js'
import type { documentLimits } from '../protocol/url.js'
import { rootOf } from '../text/html.js'
import { chooseAnswer, type Found, PageNames } from './candidates.js'
import { candidatesOf } from './feed.js'
import { type Discovery, type Reading, readPage } from './page.js'
import { findFeedLink, mentionsTrackback } from './scan.js'

/** With what, and how far, a page is read. */
export interface VisitOptions extends ReturnType<typeof documentLimits> {
  readonly client: HttpClient
  readonly maxPageSize: number
  readonly followFeed: boolean
  readonly signal: AbortSignal | undefined
}

/** Reads a page, and the feed it names where the page itself holds no candidate. */
export async function visit(requestedUrl: string, options: VisitOptions): Promise<Discovery> {
  const response = await ask(requestedUrl, options)
  const { url, status } = response
  if (!isSuccess(response)) return { pingUrl: null, candidates: [], page: { url, charset: 'utf-8', status } }
  const type = typeOf(response)
  const headerOf = (name: string): string | undefined => response.header(name) ?? undefined
  const headers = { 'content-type': headerOf('content-type'), link: headerOf('link') }
  const { maxUrlLength, maxCandidates } = options
  const page = { url, headers, maxUrlLength, maxCandidates }
  let reading: Reading | undefined
  const bytes = await readBeginning(response.body, async (beginning) => {
    if (type === 'xml' || !mentionsTrackback(beginning)) return false
    reading = await inTurns(readPage(beginning, page, requestedUrl, true))
    return reading.isFinal
  })
  if (type === 'xml' && isFeed(bytes)) {
    const nothing = { pingUrl: null, candidates: [], page: { url, charset: 'utf-8' } }
    return answerFromFeed(nothing, await itemsOf(bytes, response, options), requestedUrl)
  }
  if (!reading?.isFinal) reading = await inTurns(readPage(bytes, page, requestedUrl))
  const { discovery } = reading
  if (!options.followFeed || discovery.candidates.length > 0) return discovery
  return answerFromFeed(discovery, await feedOf(bytes, url, options), requestedUrl)
}

async function ask(url: string, { client, maxPageSize, signal }: VisitOptions): Promise<HttpResponse> {
  const headers = {
    accept: 'text/html, application/xhtml+xml, application/xml;q=0.9, application/rss+xml;q=0.9',
  }
  const response = await client.request({ url, headers, maxSize: maxPageSize, signal })
  if (!isSuccess(response)) response.cancel()
  return response
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299
}

function typeOf(response: HttpResponse): 'html' | 'xml' {
  const type = mediaTypeOf(response.header('content-type')) || 'text/html'
  if (type === 'text/html') return 'html'
  if (/^(?:text|application)\/(?:[\w.-]+\+)?xml$/.test(type)) return 'xml'
  response.cancel()
  throw new TrackbackError('UNSUPPORTED_TYPE', 'the server sent something that is not a page')
}

const FIRST_LOOK = 16_384

/** Whether an XML document is a feed, and not a page of XHTML. */
function isFeed(bytes: Uint8Array): boolean {
  const beginning = Buffer.from(bytes.subarray(0, FIRST_LOOK)).toString('latin1')
  const root = rootOf(beginning.replaceAll('\0', ''))
  return /^(?:rss|feed|(?:[\w.-]+:)?rdf)$/.test(root?.name ?? '')
}

async function feedOf(page: Uint8Array, pageUrl: string, options: VisitOptions): Promise<Found[]> {
  const url = await inTurns(findFeedLink(page, pageUrl))
  if (url === null) return []
  try {
    const response = await ask(url, options)
    if (!isSuccess(response)) return []
    const bytes = await readBeginning(response.body)
    return mentionsTrackback(bytes) ? await itemsOf(bytes, response, options) : []
  } catch (error) {
    // The page itself was read: that its feed cannot be changes nothing about it.
    if (error instanceof TrackbackError) return []
    throw error
  }
}

async function itemsOf(feed: Uint8Array, response: HttpResponse, options: VisitOptions): Promise<Found[]> {
  const contentType = response.header('content-type')
  const source = { ...options, url: response.url, contentType, maxSize: options.maxPageSize }
  return candidatesOf(await inTurns(readFeed(feed, source)))
}

async function answerFromFeed(
  discovery: Discovery,
  found: readonly Found[],
  requestedUrl: string,
): Promise<Discovery> {
  const { page } = discovery
  const names = new PageNames(requestedUrl, page.url, page.canonical)
  const { pingUrl, candidates } = await inTurns(chooseAnswer(found, names))
  return { pingUrl, candidates, page }
}
