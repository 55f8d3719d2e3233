import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../src/send/result.js'
import { encodeText } from '../../src/text/charset/encode.js'

const xml = (code: number, message?: string): string =>
  `<response><error>${code}</error>${message === undefined ? '' : `<message>${message}</message>`}</response>`

/** What an answer of a status, with these headers, turns out to be. */
function read(status: number, body: string | Uint8Array, headers: Record<string, string> = {}) {
  const header = (name: string): string | null => headers[name] ?? null
  return readAnswer({ url: 'http://a.example/tb', status, header }, Buffer.from(body as string), 0)
}

function outcomeOf(status: number, body: string): string {
  return read(status, body).outcome
}

describe('readAnswer', () => {
  it('PROTOCOL 25, 100: reads status and body together', () => {
    const table: [status: number, body: string, outcome: string][] = [
      [200, xml(0), 'accepted'],
      [201, xml(0), 'accepted'],
      [404, xml(0), 'accepted'],
      [403, xml(0), 'refused'],
      [400, xml(0), 'refused'],
      [500, xml(0), 'unrecognised'],
      [302, xml(0), 'unrecognised'],
      [200, xml(1, 'no'), 'refused'],
      [404, xml(1, 'no'), 'refused'],
      [405, xml(1, 'no'), 'refused'],
      [500, xml(1, 'no'), 'refused'],
      [503, xml(1, 'closed'), 'refused'],
      [503, '', 'throttled'],
      [429, '', 'throttled'],
      [429, xml(1, 'no'), 'throttled'],
      [403, xml(1, 'Throttled'), 'throttled'],
      [200, '', 'unrecognised'],
      [204, '', 'unrecognised'],
      [404, '<html>Not found</html>', 'unrecognised'],
      [200, '<html><error>0</error></html>', 'unrecognised'],
    ]
    for (const [status, body, outcome] of table)
      expect(outcomeOf(status, body), `${status} ${body}`).toBe(outcome)
  })

  it.each([
    ['iso-8859-2', 'Zażółć gęślą jaźń'],
    ['windows-1251', 'Нет'],
    ['koi8-r', 'Доступ запрещён'],
  ])('PROTOCOL 61: reads a message in %s where the header alone says so', (charset, message) => {
    const body = encodeText(xml(1, message), charset)
    const contentType = `text/xml; charset=${charset}`
    expect(read(200, body, { 'content-type': contentType })).toMatchObject({ outcome: 'refused', message })
  })

  it('cuts what a stranger says, and makes text of it', () => {
    const result = read(200, xml(1, `&lt;b&gt;no&lt;/b&gt; ${'x'.repeat(5000)}`))
    expect(result.outcome === 'refused' && result.message.startsWith('no xxx')).toBe(true)
    expect(result.outcome === 'refused' && result.message.length).toBeLessThanOrEqual(501)
  })

  it.each([
    [
      'Geeklog',
      'Your last trackback comment was 75 seconds ago. This site requires at least 300 seconds between trackback comments.',
      225,
    ],
    [
      'Geeklog in German',
      'Dein letzter Trackback war vor 5 Sekunden. Zwischen zweien müssen 45 Sekunden liegen.',
      40,
    ],
    ['Geeklog in Japanese', '前回のトラックバックは75秒前です。300秒以上の間隔を空けてください。', 225],
    ['a sentence', 'Please wait 2 minutes and try again.', 120],
    ['another sentence', 'You ping too often; next in 1 hour.', 3600],
    ['a sentence of years', 'Please wait 999999 hours.', 86_400],
  ])('PROTOCOL 116: a pause in the words of %s is throttled, with its seconds', (_, message, retryAfter) => {
    for (const status of [200, 403]) {
      expect(read(status, xml(1, message))).toMatchObject({ outcome: 'throttled', message, retryAfter })
    }
  })

  it.each([
    'Trackbacks are closed 30 days after a post.',
    'You may post 5 seconds of audio.',
    'This post is 300 seconds old, and closes after 75 seconds.',
    'No.',
    'Error 20 secrets',
  ])('is a refusal where no pause is named: %s', (message) => {
    expect(outcomeOf(200, xml(1, message))).toBe('refused')
  })

  it('PROTOCOL 114: reads the answers of Typecho', () => {
    const said = (code: number, message: string) =>
      `<?xml version="1.0" encoding="UTF-8"?><response><success>${code}</success><message>${message}</message></response>`
    expect(outcomeOf(200, said(0, 'Trackback has registered.'))).toBe('accepted')
    expect(outcomeOf(200, said(1, 'No.'))).toBe('refused')
    expect(outcomeOf(403, '<!DOCTYPE html><h1>403</h1>')).toBe('unrecognised')
  })

  it('shows words also of a page whose head is long', () => {
    const head = `<style>${'a{}'.repeat(5000)}</style><script>${'x();'.repeat(5000)}</script>`
    const body = Buffer.from(`<html><head>${head}</head><body><h1>Not here</h1></body></html>`)
    expect(read(404, body, { 'content-type': 'text/html' })).toMatchObject({
      outcome: 'unrecognised',
      snippet: 'Not here',
    })
  })
})
