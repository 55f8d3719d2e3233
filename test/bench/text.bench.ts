import { parsePing } from '../../src/protocol/ping.js'
import { decodeDeclared, decodeDocument } from '../../src/text/charset/document.js'
import { encodeText } from '../../src/text/charset/encode.js'
import { escapeAttribute, escapeHtml, escapeJson, escapeXml } from '../../src/text/escape.js'
import { cutText, makeExcerpt } from '../../src/text/excerpt.js'
import { cleanText, toPlainText } from '../../src/text/plain.js'
import { slow } from '../text/hostile.js'
import { goal } from './goals.js'
import { collectGarbage, inTurn, median, rateOf } from './harness.js'

const FORM = 'application/x-www-form-urlencoded'
const url = 'http%3A%2F%2Fblog.example%2F2005%2F10%2F01%2Fentry.html'
const ascii = `title=Foo+Bar+and+some+more&url=${url}&excerpt=An+excerpt+that+is+a+little+longer+than+the+title%2C+as+most+of+them+are%2C+so+that+all+four+fields+together+are+about+as+long+as+real+ones.&blog_name=Foo&charset=utf-8`
const japanese = `title=${encodeURIComponent('春の散歩と桜の写真')}&url=${url}&excerpt=${encodeURIComponent('昨日は天気がよかったので、近所の公園まで。')}&blog_name=${encodeURIComponent('猫日記')}`
const title = '日本語の題名は三十文字くらいの長さがちょうどよいと思います。'
const long = '日本語の文章が続きます。'.repeat(30)

// What the receive path does for every ping, beside the platform's form parser, which knows UTF-8 only.
async function everyday(): Promise<void> {
  const asciiBytes = Buffer.from(ascii)
  const japaneseBytes = Buffer.from(japanese)
  const shiftJis = Buffer.from(encodeText(decodeURIComponent(japanese), 'shift_jis'))
  const declared = { contentType: `${FORM}; charset=utf-8` }
  const round = (operation: () => unknown) => (): number => rateOf(operation, 150)
  await inTurn('Reading a ping', [
    {
      name: `URLSearchParams, ${ascii.length} bytes of ASCII`,
      round: round(() => new URLSearchParams(ascii)),
    },
    { name: 'parsePing, the same', round: round(() => parsePing(asciiBytes, declared)) },
    {
      name: `URLSearchParams, ${japanese.length} bytes of UTF-8`,
      round: round(() => new URLSearchParams(japanese)),
    },
    { name: 'parsePing, the same, undeclared', round: round(() => parsePing(japaneseBytes)) },
    { name: 'parsePing, Shift_JIS, undeclared', round: round(() => parsePing(shiftJis)) },
  ])
  await inTurn('Text', [
    { name: 'toPlainText, a clean Japanese title', round: round(() => toPlainText(title)) },
    {
      name: 'toPlainText, a clean ASCII title',
      round: round(() => toPlainText('A title of about thirty letters')),
    },
    { name: 'toPlainText, markup', round: round(() => toPlainText('<p>K&ouml;ln &amp; <b>Bonn</b></p>')) },
    { name: 'cutText, 360 Japanese characters', round: round(() => cutText(long, 252)) },
    { name: 'cutText, the same with emoji', round: round(() => cutText(`😀${long}👨‍👩‍👧`, 252)) },
  ])
}

type Reader = (text: string, bytes: Uint8Array) => unknown

const readers: Readonly<Record<string, Reader>> = {
  toPlainText: (text) => toPlainText(text),
  cleanText: (text) => cleanText(text),
  makeExcerpt: (text) => makeExcerpt(text),
  cutText: (text) => cutText(text, 252),
  'cutText of clean text, in the middle': (text) => {
    const clean = cleanText(text)
    return cutText(clean, Math.max(1, clean.length >> 1))
  },
  escapeHtml: (text) => escapeHtml(text),
  escapeAttribute: (text) => escapeAttribute(text),
  escapeXml: (text) => escapeXml(text),
  escapeJson: (text) => escapeJson(text),
  'encodeText, Shift_JIS': (text) => encodeText(text, 'shift_jis'),
  'encodeText, ISO-2022-JP': (text) => encodeText(text, 'iso-2022-jp'),
  'decodeDeclared, undeclared': (_, bytes) => decodeDeclared(bytes, []),
  'decodeDocument, wrongly declared': (_, bytes) =>
    decodeDocument(bytes, { kind: 'html', contentType: 'text/html; charset=euc-jp' }),
  parsePing: (_, bytes) => parsePing(bytes, { maxBytes: 1 << 21, maxPairs: 1 << 21 }),
}

type Input = readonly [text: string, bytes: Uint8Array]

const MEBIBYTE = 1 << 20
const ROUNDS = 9

// Text of so many bytes in UTF-8 and, for whatever reads bytes, as many bytes of which the ampersands are high ones.
function input(name: string, size: number): Input {
  const bytes = Buffer.from(slow[name]?.(size) ?? '').subarray(0, size)
  return [bytes.toString('utf8'), bytes.map((byte) => (byte === 0x26 ? 0xa6 : byte))]
}

/** Milliseconds that a call takes, out of as many as make a sample long enough to be measured. */
function timeOf(reader: Reader, [text, bytes]: Input, shortest: number): number {
  collectGarbage()
  return 1000 / rateOf(() => reader(text, bytes), shortest)
}

/** The input of a mebibyte that takes the function longest: the best of three calls counts, as others only add. */
function worstKind(reader: Reader): string {
  const times = Object.keys(slow).map((kind) => {
    const own = input(kind, MEBIBYTE)
    return { kind, time: Math.min(timeOf(reader, own, 1), timeOf(reader, own, 1), timeOf(reader, own, 1)) }
  })
  return times.reduce((a, b) => (b.time > a.time ? b : a)).kind
}

// One and two mebibytes in turn, so that what else the machine does falls on both.
function hostile(): void {
  console.log(
    `\nA mebibyte of the input that takes each function longest, and two (medians of ${ROUNDS} rounds)`,
  )
  const times: number[] = []
  const ratios: number[] = []
  for (const [name, reader] of Object.entries(readers)) {
    const kind = worstKind(reader)
    const [one, two] = [input(kind, MEBIBYTE), input(kind, 2 * MEBIBYTE)]
    const rounds = Array.from(
      { length: ROUNDS },
      () => [timeOf(reader, one, 100), timeOf(reader, two, 200)] as const,
    )
    const time = median(rounds.map(([short]) => short))
    const ratio = median(rounds.map(([short, long]) => long / short))
    times.push(time)
    ratios.push(ratio)
    console.log(`  ${name.padEnd(38)}${time.toFixed(1).padStart(8)} ms  ${ratio.toFixed(2)} x  ${kind}`)
  }
  goal('text, the hostile mebibyte that takes longest, in ms', Math.max(...times), { most: 250 })
  // Two, and what the clock is off by.
  goal('text, twice the input, in times the time', Math.max(...ratios), { most: 2.25 })
}

export default async function run(): Promise<void> {
  await everyday()
  hostile()
}
