import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMultipart } from '../../src/protocol/multipart.js'

const boundary = 'x9'

function part(headers: string, value: string): string {
  return `--${boundary}\r\n${headers}\r\n\r\n${value}\r\n`
}

function field(name: string, value: string): string {
  return part(`Content-Disposition: form-data; name="${name}"`, value)
}

function read(body: string, maxPairs = 32) {
  return parseMultipart(Buffer.from(body, 'latin1'), boundary, maxPairs)
}

describe('parseMultipart', () => {
  it('PROTOCOL 115: reads the parts of a form in their order', () => {
    const body = `${field('blog_name', 'My blog &raquo Post')}${field('url', 'http://a.example/1')}--${boundary}--\r\n`
    expect(read(body)).toEqual([
      ['blog_name', 'My blog &raquo Post'],
      ['url', 'http://a.example/1'],
    ])
  })

  it('leaves the bytes of a value as they are, whatever they look like', () => {
    const bytes = fc.uint8Array().map((value) => Buffer.from(value).toString('latin1'))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.stringMatching(/^[a-z_]{1,9}$/), bytes), { maxLength: 8 }),
        (pairs) => {
          fc.pre(pairs.every(([, value]) => !value.includes('--x9')))
          expect(read(`${pairs.map(([name, value]) => field(name, value)).join('')}--${boundary}--`)).toEqual(
            pairs,
          )
        },
      ),
    )
  })

  it('takes further headers, names without quotes, and headers in any case', () => {
    const headers = 'content-type: text/plain; charset=utf-8\r\nCONTENT-DISPOSITION: form-data; name=title'
    expect(read(`preamble\r\n${part(headers, 'a')}--${boundary}--`)).toEqual([['title', 'a']])
  })

  it('passes over files, and parts without a name', () => {
    const file = part('Content-Disposition: form-data; name="url"; filename="a.txt"', 'http://a.example/')
    const nameless = part('Content-Disposition: form-data', 'x')
    expect(read(`${file}${nameless}${part('', 'x')}${field('title', 'a')}--${boundary}--`)).toEqual([
      ['title', 'a'],
    ])
  })

  it('has a limit of parts, files included', () => {
    const body = `${field('a', '1').repeat(3)}--${boundary}--`
    expect(read(body, 3)).toHaveLength(3)
    expect(read(body, 2)).toBeNull()
  })

  it('gives nothing for what ends in the middle, and never throws', () => {
    expect(read(field('a', '1').trimEnd())).toEqual([])
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('--x9', '\r\n', 'Content-Disposition: form-data; name="', '"', 'a')),
        (bits) => {
          expect(read(bits.join(''))).toBeInstanceOf(Array)
        },
      ),
    )
  })

  it('takes linear time', () => {
    for (const bit of ['--x9\r\n', '\r\n', '\r\n--x9', 'name=', ';']) {
      const body = bit.repeat(1_000_000 / bit.length)
      const started = performance.now()
      read(body, 1_000_000)
      expect(performance.now() - started, bit).toBeLessThan(2000)
    }
  })
})
