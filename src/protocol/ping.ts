import { positiveInteger } from '../base/limits.js'
import type { Ping } from '../base/types.js'
import { decode, toByteString } from '../text/charset/decode.js'
import { type DeclaredCharset, type DecodedText, decodeDeclared } from '../text/charset/document.js'
import { encodeText } from '../text/charset/encode.js'
import { type Charset, charsetOfContentType, parseCharsetLabel } from '../text/charset/label.js'
import { cleanText, withoutCutCharacters } from '../text/plain.js'
import { type FormPair, generateForm, generateUtf8Form, parseForm } from './form.js'
import { mediaTypeOf, parameterOf } from './media-type.js'
import { parseMultipart } from './multipart.js'
import { parseUrl } from './url.js'

/**
 * The fields of a ping as they were sent: decoded, not cleaned, not cut, without half characters at their ends; `''` where
 * one is missing.
 */
export interface PingFields {
  readonly url: string
  readonly title: string
  readonly excerpt: string
  readonly blogName: string
}

/** A form that was read. Its texts may hold HTML and anything else: `toPlainText` makes text of them. */
export interface ReceivedPing {
  readonly ping: PingFields
  /** The charset that the fields were read in; `'utf-8'` where they are ASCII and none was declared. */
  readonly charset: Charset
  /** What the choice of the charset rests on. */
  readonly charsetSource: DecodedText['reason']
  /** How many pairs were passed over because their field was there before (the first counts). */
  readonly repeated: number
}

/** A body that was not read as a form, and why. */
export interface UnreadablePing {
  readonly ping: null
  /**
   * `type`: the `Content-Type` names something else; `size`: more bytes than `maxBytes`; `pairs`: more than `maxPairs`.
   */
  readonly reason: 'type' | 'size' | 'pairs'
}

/** What `parsePing` is told beside the body. */
export interface ParsePingOptions {
  /**
   * The request's `Content-Type`; a missing one counts as a form.
   * @default null
   */
  readonly contentType?: string | null | undefined
  /**
   * The query of the request's URL, with or without `?`: it gives the fields that the body lacks.
   * @default ''
   */
  readonly query?: string | undefined
  /**
   * How many pairs the body and the query may have together.
   * @default 32
   */
  readonly maxPairs?: number | undefined
  /**
   * How many bytes the body and the query may have together.
   * @default 65536
   */
  readonly maxBytes?: number | undefined
  /**
   * The language of the receiving site, for pings that do not name their charset.
   * @default undefined
   */
  readonly lang?: string | undefined
  /**
   * Charsets that such pings are likely to be in.
   * @default []
   */
  readonly expectedCharsets?: readonly Charset[] | undefined
}

const FORM_TYPE = 'application/x-www-form-urlencoded'
const NOTHING = new Uint8Array()
const FIELDS = ['url', 'title', 'excerpt', 'blog_name', 'charset']
const usualCharset: DeclaredCharset = { charset: 'utf-8', reason: 'utf-8' }

/**
 * Reads a ping (PROTOCOL 2-13, 79, 80). The bytes are percent-decoded first and decoded by their charset then: the one
 * that `Content-Type` or the `charset` field names, whichever fits, else what the three texts together look like.
 * A string is taken as UTF-8. Never throws for what was sent; throws `TypeError` for limits that are no positive
 * integers.
 *
 * ```ts
 * const received = parsePing(body, { contentType: request.headers.get('content-type') })
 * if (received.ping === null) return tooMuch(received.reason)
 * if (received.ping.url === '') return refused('No url')
 * ```
 */
export function parsePing(
  body: Uint8Array | string,
  options: ParsePingOptions = {},
): ReceivedPing | UnreadablePing {
  const maxPairs = positiveInteger(options.maxPairs, 32, 'maxPairs')
  const maxBytes = positiveInteger(options.maxBytes, 65_536, 'maxBytes')
  const type = mediaTypeOf(options.contentType) || FORM_TYPE
  const boundary = type === 'multipart/form-data' ? parameterOf(options.contentType, 'boundary') : null
  if (type !== FORM_TYPE && !boundary) return { ping: null, reason: 'type' }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const query = options.query ? Buffer.from(options.query.replace(/^\?/, '')) : NOTHING
  if (bytes.length + query.length > maxBytes) return { ping: null, reason: 'size' }
  const own = boundary ? parseMultipart(bytes, boundary, maxPairs) : parseForm(withoutBom(bytes), maxPairs)
  const others = query.length > 0 ? parseForm(query, maxPairs) : []
  if (own === null || others === null || own.length + others.length > maxPairs)
    return { ping: null, reason: 'pairs' }
  return receivedPing(others.length > 0 ? own.concat(others) : own, options)
}

/** How a ping is written. */
export interface GeneratePingOptions {
  /**
   * The charset to send in, for receivers that read only another one than UTF-8.
   * @default 'utf-8'
   */
  readonly charset?: Charset | undefined
  /**
   * Where the ping goes. Serendipity, whose ping URL is `…/comment.php?type=trackback&…`, is sent the one more field
   * without which it destroys the text of a ping that names its charset (PROTOCOL 111).
   * @default undefined
   */
  readonly pingUrl?: string | undefined
}

/** The body of a request and its `Content-Type`. */
export interface GeneratedPing {
  /** ASCII, so that its length is its size in bytes. */
  readonly body: string
  readonly contentType: string
}

/**
 * Writes a ping so that every receiver known reads it: always all four fields and none empty (the title falls back to
 * the URL, the blog name to its host, the excerpt to the title: PROTOCOL 10), the charset in the `Content-Type` and as
 * the `charset` field (PROTOCOL 104). A character that the charset lacks becomes a numeric reference (`&#9731;`). Throws
 * a `TypeError` if the URL is not an absolute http or https URL, or the charset is unknown.
 *
 * ```ts
 * const { body, contentType } = generatePing({ url: 'https://a.example/1', title: 'テスト' })
 * ```
 */
export function generatePing(ping: Ping, options: GeneratePingOptions = {}): GeneratedPing {
  const charset = parseCharsetLabel(options.charset ?? 'utf-8')
  if (charset === null) throw new TypeError(`Unknown charset ${options.charset}`)
  const source = parseUrl(ping.url.trim())
  if (source?.protocol !== 'https:' && source?.protocol !== 'http:')
    throw new TypeError('url must be the absolute http or https URL of the page that links to the post')
  const shown = (text?: string | null): string => (cleanText(text ?? '') && text?.trim()) || ''
  const title = shown(ping.title) || source.href
  const texts: [string, string][] = [
    ['title', title],
    ['url', source.href],
    ['excerpt', shown(ping.excerpt) || title],
    ['blog_name', shown(ping.blogName) || source.host],
    ['charset', charset],
  ]
  const contentType = `${FORM_TYPE}; charset=${charset}`
  if (charset === 'utf-8') {
    if (isSerendipity(options.pingUrl)) texts.push(['serendipity%5Bcharset%5D', 'UTF-8/'])
    return { body: generateUtf8Form(texts), contentType }
  }
  const pairs = texts.map(([field, text]): FormPair => [field, toByteString(encodeText(text, charset))])
  return { body: generateForm(pairs), contentType }
}

function isSerendipity(pingUrl: string | undefined): boolean {
  return /\/comment\.php\?(?:.*&)?type=trackback(?:&|$)/.test(pingUrl ?? '')
}

/** A mark before the form would belong to the name of its first field. */
function withoutBom(bytes: Uint8Array): Uint8Array {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return isMarked ? bytes.subarray(3) : bytes
}

function receivedPing(pairs: readonly FormPair[], options: ParsePingOptions): ReceivedPing {
  const fields = Array<string | undefined>(FIELDS.length)
  let repeated = 0
  for (const [name, value] of pairs) {
    const field = FIELDS.indexOf(name)
    if (field < 0) continue
    if (fields[field] === undefined) fields[field] = value
    else repeated += 1
  }
  const [rawUrl = '', rawTitle = '', rawExcerpt = '', rawBlogName = '', label] = fields
  const raw = [rawUrl, rawTitle, rawExcerpt, rawBlogName]
  const { texts, charset, reason: charsetSource } = decodeFields(raw, label, options)
  const [url = '', title = '', excerpt = '', blogName = ''] = texts
  const ping = { url: withoutReferences(url), title, excerpt, blogName }
  return { ping, charset, charsetSource, repeated }
}

/** Some senders escape the URL for XML before they send it (PROTOCOL 121). */
function withoutReferences(url: string): string {
  return url.includes(';') ? url.replace(/&(?:amp|#0*38);/gi, '&') : url
}

// All fields are judged together: an ASCII excerpt would hide the charset of a short title.
function decodeFields(fields: readonly string[], label: string | undefined, options: ParsePingOptions) {
  const declared = declaredCharsets(options, label)
  if (!fields.some(isMoreThanAscii)) {
    const { charset, reason } = declared[0] ?? usualCharset
    return { texts: fields, charset, reason }
  }
  const hints = { lang: options.lang, expected: options.expectedCharsets }
  const { text, charset, reason } = decodeDeclared(Buffer.from(fields.join('\n'), 'latin1'), declared, hints)
  const parts = text.split('\n')
  const hasLineBreaks = parts.length !== fields.length
  const decoded = hasLineBreaks ? fields.map((field) => decode(Buffer.from(field, 'latin1'), charset)) : parts
  // A U+FFFD that was sent stays.
  const isSent = (index: number): boolean => fields[index]?.includes('\xEF\xBF\xBD') ?? false
  const texts = decoded.map((text, index) => (isSent(index) ? text : withoutCutCharacters(text)))
  return { texts, charset, reason }
}

// Forms are ASCII beneath their escapes: UTF-16 cannot be meant.
function declaredCharsets({ contentType }: ParsePingOptions, label: string | undefined): DeclaredCharset[] {
  const declared: DeclaredCharset[] = []
  const header = charsetOfContentType(contentType)
  const field = label === undefined ? null : parseCharsetLabel(label)
  if (header && !header.startsWith('utf-16')) declared.push({ charset: header, reason: 'content-type' })
  if (field && !field.startsWith('utf-16')) declared.push({ charset: field, reason: 'field' })
  return declared
}

/** Whether a field holds bytes that ASCII has not, or an escape, with which ISO-2022-JP begins. */
function isMoreThanAscii(field: string): boolean {
  return /[\x1B\x80-\xFF]/.test(field)
}
