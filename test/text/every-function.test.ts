import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { finish } from '../../src/base/steps.js'
import * as decoding from '../../src/text/charset/decode.js'
import * as detection from '../../src/text/charset/detect.js'
import * as charset from '../../src/text/charset/document.js'
import * as encoding from '../../src/text/charset/encode.js'
import * as labels from '../../src/text/charset/label.js'
import { likeness, sampleOf } from '../../src/text/charset/likeness.js'
import * as escaping from '../../src/text/escape.js'
import * as excerpts from '../../src/text/excerpt.js'
import * as html from '../../src/text/html.js'
import * as markup from '../../src/text/markup.js'
import { formatMessage } from '../../src/text/message.js'
import * as plain from '../../src/text/plain.js'
import * as references from '../../src/text/references.js'
import { createTitleReader } from '../../src/text/title.js'
import * as byOthers from '../../src/text/user-content.js'
import { asRead, difficult, FORBIDDEN, naughty } from './hostile.js'

/** Made once, for all functions: what a string does to one of them it may do to another. */
const texts = [...naughty, ...fc.sample(difficult, 10_000)]

const { cleanText, toPlainText } = plain
const { cutStart, cutText, cutWords, makeExcerpt } = excerpts
const { decode } = decoding

const isClean = (text: string): boolean =>
  !FORBIDDEN.test(text) &&
  text === text.normalize('NFC') &&
  text === text.trim() &&
  !/\p{M}{31}/u.test(text) &&
  cleanText(text) === text

/** A limit for a text, from 1 to 50. */
const limitFor = (text: string): number => 1 + ((text.length * 7 + (text.codePointAt(0) ?? 0)) % 50)
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Whether a text was cut as it may be, and would not be cut again. */
function isCut(cut: string, max: number, again: (text: string) => string): boolean {
  const isShort = cut.length <= max || [...segmenter.segment(cut)].length <= max
  return isShort && cut.length <= max * 16 && cut.isWellFormed() && !FORBIDDEN.test(cut) && again(cut) === cut
}

function tokensOf(write: (handler: html.HtmlHandler) => void): string {
  const tokens: string[] = []
  let kind = ''
  const add = (name: string, data: string): void => {
    tokens.push(name === kind ? data : `\n${name} ${data}`)
    kind = name
  }
  write({
    startTag: (name, attributes) => {
      kind = ''
      add('start', name + Array.from(attributes, ([one]) => one + attributes.get(one)).join())
    },
    endTag: (name) => add('end', name),
    text: (text) => add('text', text),
    rawText: (text, element) => add(`raw ${element}`, text),
    comment: (data) => add('comment', data),
  })
  return tokens.join('')
}

const tokensIn = (text: string): string => tokensOf((handler) => html.tokenizeHtml(text, handler))
const xmlFree = /[\0-\x08\x0B\x0C\x0E-\x1F<>"'\uFFFE\uFFFF\p{Cs}]|&(?!(?:amp|lt|gt|quot|#39);)/u

const charsets = ['shift_jis', 'euc-jp', 'big5', 'euc-kr', 'gb18030', 'windows-1252', 'iso-2022-jp', 'utf-8']
const charsetFor = (text: string): string => charsets[text.length % charsets.length] ?? ''
const bytesOf = (text: string): Buffer => Buffer.from(text, text.length % 2 ? 'utf8' : 'utf16le')

/** A character as it comes back from a charset: as a reference, where the charset lacks it. */
const passages = new Map<string, string>()
function passed(character: string, name: string): string {
  const key = name + character
  const known = passages.get(key)
  if (known !== undefined) return known
  const made = decode(encoding.encodeText(character, name), name)
  passages.set(key, made)
  return made
}

const isKnown = (name: string): boolean => labels.parseCharsetLabel(name) === name
const isRead = ({ text, charset: name }: charset.DecodedText): boolean => text.isWellFormed() && isKnown(name)

/** Whether each function does to any text what it promises. */
const promises: Readonly<Record<string, (text: string) => boolean>> = {
  cleanText: (text) => isClean(cleanText(text)),
  toPlainText: (text) => isClean(toPlainText(text)),
  collapseSpace: (text) => {
    const collapsed = plain.collapseSpace(text)
    return !/\s\s/.test(collapsed) && plain.collapseSpace(collapsed) === collapsed
  },
  cutText(text) {
    const max = limitFor(text)
    return isCut(cutText(cleanText(text), max), max, (cut) => cutText(cut, max))
  },
  cutWords(text) {
    const max = limitFor(text)
    return isCut(cutWords(cleanText(text), max), max, (cut) => cutWords(cut, max))
  },
  makeExcerpt(text) {
    const max = limitFor(text)
    return isCut(makeExcerpt(text, { maxGraphemes: max }), max, (cut) => cutWords(cut, max))
  },
  cutStart(text) {
    const max = limitFor(text)
    const cut = cutStart(cleanText(text), max)
    return [...segmenter.segment(cut)].length <= max && !FORBIDDEN.test(cut) && cutStart(cut, max) === cut
  },
  createTitleReader(text) {
    const reader = createTitleReader()
    html.tokenizeHtml(`<title>${text}`, reader)
    const title = reader.read()
    return title.length <= 250 * 16 && isClean(title)
  },
  escapeHtml: (text) => tokensIn(escaping.escapeHtml(text)) === (asRead(text) && `\ntext ${asRead(text)}`),
  escapeAttribute(text) {
    const title = text.replaceAll('\0', '\uFFFD').replace(/\r\n?/g, '\n')
    return tokensIn(`<a title='${escaping.escapeAttribute(text)}'>`) === `\nstart atitle${title}`
  },
  escapeXml: (text) => !xmlFree.test(escaping.escapeXml(text)),
  escapeJson(text) {
    const json = escaping.escapeJson(text)
    return !/[<>&\u2028\u2029]/.test(json) && JSON.parse(json) === text
  },
  encodeText(text) {
    const name = charsetFor(text)
    const back = decode(encoding.encodeText(text, name), name)
    if (name === 'iso-2022-jp' || name === 'utf-8') return back.isWellFormed()
    return back === Array.from(text, (character) => passed(character, name)).join('')
  },
  decode: (text) => decode(bytesOf(text), charsetFor(text)).isWellFormed(),
  decodeStrictUtf8(text) {
    const bytes = bytesOf(text)
    const decoded = decoding.decodeStrictUtf8(bytes)
    return decoded === null || Buffer.from(decoded).equals(bytes) || bytes[0] === 0xef
  },
  toByteString: (text) => Buffer.from(decoding.toByteString(bytesOf(text)), 'latin1').equals(bytesOf(text)),
  decodeDocument: (text) =>
    isRead(
      charset.decodeDocument(bytesOf(text), { kind: 'html', contentType: `text/html; charset=${text}` }),
    ),
  readDocument: (text) => isRead(finish(charset.readDocument(bytesOf(text), { kind: 'xml', lang: text }))),
  decodeDeclared: (text) =>
    isRead(charset.decodeDeclared(bytesOf(text), [{ charset: charsetFor(text), reason: 'field' }])),
  likeliest: (text) => isKnown(detection.likeliest(bytesOf(text), { lang: text }).charset),
  hasIso2022JpEscapes: (text) =>
    !detection.hasIso2022JpEscapes(bytesOf(text)) || bytesOf(text).every((byte) => byte < 0x80),
  withoutCutCharacters(text) {
    const kept = plain.withoutCutCharacters(text)
    return !/\uFFFD(?:%[\dA-Fa-f]?)?$/.test(kept) && plain.withoutCutCharacters(kept) === kept
  },
  sampleOf: (text) => sampleOf(bytesOf(text)).length <= 4097,
  likeness: (text) => Number.isFinite(likeness(bytesOf(text), charsetFor(text))),
  parseCharsetLabel(text) {
    const name = labels.parseCharsetLabel(text)
    return name === null || isKnown(name)
  },
  charsetOfContentType(text) {
    const name = labels.charsetOfContentType(`text/html; charset=${text}`)
    return name === null || isKnown(name)
  },
  tokenizeHtml: (text) => tokensIn(text).isWellFormed() || !text.isWellFormed(),
  tokenizeInSlices: (text) =>
    tokensIn(text) === tokensOf((handler) => void [...html.tokenizeInSlices(text, handler)]),
  decodeText: (text) => tokensOf(({ text: add }) => add?.(html.decodeText(text))).length >= 0,
  decodeReferences: (text) =>
    references.decodeReferences(escaping.escapeAttribute(text), 'attribute') === text &&
    references.decodeReferences(escaping.escapeHtml(text)) === text,
  after: (text) => markup.after(text, '>', 0) <= text.length,
  endOfName: (text) => !/[\t\n\f\r />:]/.test(text.slice(0, markup.endOfName(text, 0))),
  formatMessage: (text) => formatMessage('<{text}>', { text }, 'en') === `<${text}>`,
  endOfPiece: (text) => text === '' || markup.endOfPiece(text, 0, text.length) > 0,
  nextMarkup: (text) => /^<[a-z/!?]|^$/i.test(text.slice(markup.nextMarkup(text, 0))),
  isLetter: (text) => markup.isLetter(text.charCodeAt(0)) === /^[a-z]/i.test(text),
  endOfPrefixedName: (text) => !/[\t\n\f\r />]/.test(text.slice(0, markup.endOfPrefixedName(text, 0))),
  ElementNames: (text) =>
    new markup.ElementNames([text]).mayHave(text.charCodeAt(0), text.length) === text.length < 32,
  TagCursor(text) {
    const cursor = new markup.TagCursor(`<a ${text}`).from(2)
    while (cursor.next()) if (cursor.nameEnd <= cursor.nameStart) return false
    return cursor.isClosed === (cursor.at > 2 && `<a ${text}`[cursor.at - 1] === '>') || !cursor.isClosed
  },
  bitOf: (text) => markup.bitOf(text.charCodeAt(0), text.length) !== 0,
  commentAt(text) {
    const { data, end } = markup.commentAt(`${text}-->`, 0)
    return data.length < end && end <= text.length + 3
  },
  endOfRawText: (text) => markup.endOfRawText(`${text}</title>`, 'title', 0) <= text.length,
  rootOf(text) {
    const root = html.rootOf(`<!DOCTYPE a>\n<a title='${escaping.escapeAttribute(text)}'>${text}`)
    const title = text.replaceAll('\0', '\uFFFD').replace(/\r\n?/g, '\n')
    return root?.name === 'a' && root.attributes.get('title') === title
  },
  isVoid: (text) => !byOthers.isVoid(text) || /^[a-z]{2,6}$/.test(text),
  isHidden: (text) =>
    byOthers.isHidden('p', new Map([['hidden', text]])) &&
    !byOthers.isHidden('p', new Map([['title', text]])),
  isUserContent: (text) => !byOthers.isUserContent(text, new Map([['class', 'comments']])) || text !== 'p',
  createEnclosure(text) {
    const enclosure = byOthers.createEnclosure((name) => name === 'b')
    html.tokenizeHtml(text, enclosure)
    return enclosure.isInside ? text.toLowerCase().includes('<b') : true
  },
  without: (text) =>
    tokensOf(({ comment, ...handler }) => html.tokenizeHtml(text, handler)) ===
    tokensOf((handler) =>
      html.tokenizeHtml(
        text,
        byOthers.without(() => false, handler),
      ),
    ),
}

describe('every function on text', () => {
  it.each(Object.entries(promises))(
    '%s does what it promises to all naughty strings and 10,000 generated ones',
    (_, holds) => {
      const broken = texts.filter((text) => !holds(text))
      expect(broken.slice(0, 3).map((text) => JSON.stringify(text))).toEqual([])
    },
  )

  it('is here', async () => {
    const folder = new URL('../../src/text/', import.meta.url)
    const modules = await Promise.all(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => import(new URL(file, folder).href)),
    )
    const functions = modules
      .flatMap((module) => Object.entries(module))
      .filter(([, value]) => typeof value === 'function')
    expect(Object.keys(promises).sort()).toEqual(functions.map(([name]) => name).sort())
  })
})
