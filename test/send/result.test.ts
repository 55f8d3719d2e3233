import { describe, expect, it } from 'vitest'
import { type PingAnswer, readAnswer } from '../../src/send/result.js'
import { encodeText } from '../../src/text/encode.js'

const xml = (code: number, message?: string): string =>
  `<response><error>${code}</error>${message === undefined ? '' : `<message>${message}</message>`}</response>`

function outcomeOf(status: number, body: string, answer: Partial<PingAnswer> = {}): string {
  const whole = { pingUrl: 'http://a.example/tb', status, contentType: null, retryAfter: null, ...answer }
  return readAnswer({ ...whole, body: Buffer.from(body) }, 0).outcome
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
    const answer = { pingUrl: 'http://a.example/', status: 200, contentType, retryAfter: null, body }
    expect(readAnswer(answer)).toMatchObject({ outcome: 'refused', message })
  })

  it('cuts what a stranger says, and makes text of it', () => {
    const answer = { pingUrl: 'http://a.example/', status: 200, contentType: null, retryAfter: null }
    const result = readAnswer({
      ...answer,
      body: Buffer.from(xml(1, `&lt;b&gt;no&lt;/b&gt; ${'x'.repeat(5000)}`)),
    })
    expect(result.outcome === 'refused' && result.message.startsWith('no xxx')).toBe(true)
    expect(result.outcome === 'refused' && result.message.length).toBeLessThanOrEqual(501)
  })
})
