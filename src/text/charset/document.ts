import { finish, type Steps } from '../../base/steps.js'
import { tokenizeHtml } from '../html.js'
import { ElementNames } from '../markup.js'
import { decode, decodeStrictUtf8, toByteString } from './decode.js'
import { type DetectOptions, hasIso2022JpEscapes, likeliest } from './detect.js'
import { type Charset, charsetOfContentType } from './label.js'
import { likeness } from './likeness.js'

/** Decoded text and why it was decoded so. */
export interface DecodedText {
  readonly text: string
  /** The charset that the bytes were read in. */
  readonly charset: Charset
  /**
   * What the choice rests on: `content-type`, `field`, `meta` and `xml` are declarations (the HTTP header, a ping's
   * `charset` field, HTML's `<meta>`, the XML declaration), `bom` is a byte order mark, `utf-8` says that the
   * bytes are valid UTF-8, `escape` that ISO-2022-JP escape sequences were found, `detected` that it is a guess.
   */
  readonly reason: 'content-type' | 'field' | 'bom' | 'utf-8' | 'escape' | 'detected' | 'meta' | 'xml'
}

/** A charset that something names, and what named it. */
export type DeclaredCharset = Pick<DecodedText, 'charset' | 'reason'>

/** A page or feed as it was fetched. */
export interface DocumentSource {
  /** How the document names its charset: in `<meta>`, or in the XML declaration alone. */
  readonly kind: 'html' | 'xml'
  /**
   * The value of the `Content-Type` header.
   * @default null
   */
  readonly contentType?: string | null | undefined
  /**
   * The language of the site that asks, a hint where nothing is declared.
   * @default undefined
   */
  readonly lang?: string | undefined
}

const MULTI_BYTE = new Set(['shift_jis', 'euc-jp', 'euc-kr', 'gb18030', 'gbk', 'big5', 'iso-2022-jp'])
// The `likeness` of text in frequent characters.
const GOOD_FIT = 0.9
const META = new ElementNames(['meta'])
// Browsers look at 1,024 bytes; pages with long heads declare later.
const PRESCAN_BYTES = 16_384

/**
 * Decodes a page or feed: by its byte order mark, else by the first declaration that fits (HTTP header, `<meta>`, XML
 * declaration), else as UTF-8 where it is valid, else by detection. A declaration that the bytes contradict
 * loses (PROTOCOL 61). Never throws.
 *
 * ```ts
 * const { text } = decodeDocument(body, { kind: 'html', contentType: 'text/html; charset=EUC-JP' })
 * ```
 */
export function decodeDocument(bytes: Uint8Array, document: DocumentSource): DecodedText {
  return finish(readDocument(bytes, document))
}

/** `decodeDocument` in steps. */
export function readDocument(bytes: Uint8Array, document: DocumentSource): Steps<DecodedText> {
  return readDeclared(bytes, declarations(bytes, document), { lang: document.lang })
}

/**
 * Decodes bytes with what their declarations say, the first that fits; see `decodeDocument`. Declarations are read one
 * by one, only as far as needed. Never throws.
 */
export function decodeDeclared(...source: Parameters<typeof readDeclared>): DecodedText {
  return finish(readDeclared(...source))
}

// In steps that each look at all of the bytes.
function* readDeclared(
  bytes: Uint8Array,
  declared: Iterable<DeclaredCharset>,
  hints: DetectOptions = {},
): Steps<DecodedText> {
  const marked = charsetOfBom(bytes)
  if (marked !== null) return { text: decode(bytes, marked), charset: marked, reason: 'bom' }
  const utf8 = decodeStrictUtf8(bytes)
  const rejected: DeclaredCharset[] = []
  for (const { charset, reason } of declared) {
    yield
    if (utf8 === null && isDamagedUtf8(bytes, charset)) continue
    const text = fittingText(bytes, charset, utf8)
    if (text !== null) return { text, charset, reason }
    if (!charset.startsWith('utf-16')) rejected.push({ charset, reason })
  }
  yield
  const isEscaped = hasIso2022JpEscapes(bytes)
  if (utf8 !== null && !isEscaped) return { text: utf8, charset: 'utf-8', reason: 'utf-8' }
  const names = rejected.map((one) => one.charset)
  const charset = isEscaped ? 'iso-2022-jp' : likeliest(bytes, hints, names).charset
  const declaration = rejected.find((one) => one.charset === charset)
  const reason = declaration?.reason ?? (isEscaped ? 'escape' : 'detected')
  yield
  return { text: decode(bytes, charset), charset, reason }
}

// The text where the declaration may be believed, else null. `utf8` is the text that valid UTF-8 would be.
function fittingText(bytes: Uint8Array, charset: Charset, utf8: string | null): string | null {
  if (charset === 'utf-8') return utf8
  // Bytes that alternate with zeros; a wrong declaration over ASCII would make Chinese of it.
  if (charset.startsWith('utf-16')) return bytes.includes(0) ? decode(bytes, charset) : null
  const hasEscapes = charset === 'iso-2022-jp' && hasIso2022JpEscapes(bytes)
  if (utf8?.length === bytes.length && !hasEscapes) return utf8
  const fit = likeness(bytes, charset)
  if (!MULTI_BYTE.has(charset)) return utf8 === null && fit > 0 ? decode(bytes, charset) : null
  // One continuation byte each: a few may come about by chance, more do not.
  const signsOfUtf8 = utf8 === null ? 0 : bytes.length - utf8.length
  if (utf8 !== null && (fit < 0 || signsOfUtf8 >= (fit < GOOD_FIT ? 3 : 5))) return null
  const text = decode(bytes, charset)
  return /[\uFFFD\x80-\x9F]/.test(text) ? null : text
}

// Whether the bytes look more like damaged UTF-8 than like what is declared. Single bytes fit everything.
function isDamagedUtf8(bytes: Uint8Array, declared: Charset): boolean {
  if (declared.startsWith('utf-')) return false
  return likeness(bytes, 'utf-8') > likeness(bytes, declared) + (MULTI_BYTE.has(declared) ? 1 : 0)
}

function charsetOfBom(bytes: Uint8Array): Charset | null {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return first === 0xff && second === 0xfe ? 'utf-16le' : null
}

function* declarations(bytes: Uint8Array, document: DocumentSource): Generator<DeclaredCharset> {
  const header = charsetOfContentType(document.contentType)
  if (header !== null) yield { charset: header, reason: 'content-type' }
  const start = toByteString(bytes.subarray(0, PRESCAN_BYTES))
  const meta = document.kind === 'html' ? charsetOfMeta(start) : null
  if (meta !== null) yield { charset: meta, reason: 'meta' }
  const xml = charsetOfXmlDeclaration(start)
  if (xml !== null) yield { charset: xml, reason: 'xml' }
}

// A document that could be read as far as its `<meta>` is not in UTF-16, whatever it says.
function charsetOfMeta(start: string): Charset | null {
  let found: Charset | null = null
  tokenizeHtml(start, {
    only: META,
    startTag(name, attributes) {
      if (name !== 'meta') return
      const value = (wanted: string): string => attributes.get(wanted) ?? ''
      const content = value('http-equiv').toLowerCase() === 'content-type' ? value('content') : ''
      found = charsetOfContentType(`charset=${value('charset')}`) ?? charsetOfContentType(content)
    },
    get isDone() {
      return found !== null
    },
  })
  return found === 'utf-16le' || found === 'utf-16be' ? 'utf-8' : found
}

function charsetOfXmlDeclaration(start: string): Charset | null {
  if (start.startsWith('<\0?\0')) return 'utf-16le'
  if (start.startsWith('\0<\0?')) return 'utf-16be'
  const declaration = /^\s*<\?xml\s([^>]{0,200})/.exec(start)?.[1] ?? ''
  return charsetOfContentType(declaration.replace(/\bencoding\b/, 'charset'))
}
