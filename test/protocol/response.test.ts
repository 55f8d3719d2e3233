import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateResponse, parseResponse, parseWordPressError } from '../../src/protocol/response.js'
import { repeated } from '../support/strength.js'

const prolog = '<?xml version="1.0" encoding="utf-8"?>'

describe('parseResponse', () => {
  const readable: [string, string | Uint8Array, object][] = [
    ['PROTOCOL 16: success', `${prolog}\n<response>\n<error>0</error>\n</response>`, { error: 0 }],
    [
      'PROTOCOL 17: failure',
      `${prolog}\n<response>\n<error>1</error>\n<message>No url</message>\n</response>`,
      { error: 1, message: 'No url' },
    ],
    [
      'PROTOCOL 18: an ISO-8859-1 prolog',
      Buffer.from(
        '<?xml version="1.0" encoding="iso-8859-1"?><response><error>1</error><message>Schl\xFC\xDFel</message></response>',
        'latin1',
      ),
      { error: 1, message: 'Schlüßel' },
    ],
    [
      'PROTOCOL 22: CDATA, empty on success',
      `${prolog}<response><error>0</error><message><![CDATA[]]></message></response>`,
      { error: 0 },
    ],
    [
      'PROTOCOL 22: CDATA with markup in it',
      '<response><error>1</error><message><![CDATA[<b>a</b> & c]]></message></response>',
      { error: 1, message: '<b>a</b> & c' },
    ],
    [
      'PROTOCOL 22: an empty message',
      '<response><error>0</error><message></message></response>',
      { error: 0 },
    ],
    ['PROTOCOL 22: blanks around the code', '<response><error>\r\n\t 0 \n</error></response>', { error: 0 }],
    [
      'PROTOCOL 22: a single-quoted prolog',
      `<?xml version='1.0'?>\n<response><error>0</error></response>`,
      { error: 0 },
    ],
    [
      'PROTOCOL 22: further elements',
      '<response><debug>x</debug><error>1</error><message>m</message></response>',
      { error: 1, message: 'm' },
    ],
    [
      'PROTOCOL 22: a list inside a success',
      '<response><error>0</error><rss version="0.91"><channel><title>t</title></channel></rss></response>',
      { error: 0 },
    ],
    [
      'PROTOCOL 23: code -2',
      '<response><error>-2</error><message>x</message></response>',
      { error: -2, message: 'x' },
    ],
    ['PROTOCOL 23: code 17', '<response><error>17</error></response>', { error: 17 }],
    [
      'PROTOCOL 29: a bare & and < in the message',
      '<response><error>1</error><message>Fish & chips < 3 &copy=1</message></response>',
      { error: 1, message: 'Fish & chips < 3 &copy=1' },
    ],
    [
      'PEERS 13: HTML references in the message',
      '<response><error>1</error><message>caf&eacute; &quot;x&quot;&nbsp;y</message></response>',
      { error: 1, message: 'café "x" y' },
    ],
    ['PEERS 13: a blank line first', `\n\n${prolog}<response><error>0</error></response>`, { error: 0 }],
    [
      'PEERS 13: a byte order mark first',
      `\uFEFF${prolog}<response><error>0</error></response>`,
      { error: 0 },
    ],
    [
      'PEERS 13: junk on both sides',
      `Warning: x in y.php on line 3\n${prolog}<response><error>0</error></response>\nmore`,
      { error: 0 },
    ],
    [
      'PEERS 13: an HTML warning before it',
      `<br />\n<b>Warning</b>: x<br>${prolog}<response><error>1</error><br><message>m</message></response>`,
      { error: 1, message: 'm' },
    ],
    [
      'PEERS 13: a <br /> between error and message',
      '<response><error>1</error><br /><message>m</message></response>',
      { error: 1, message: 'm' },
    ],
    [
      'a message longer than any usual one',
      `<response><error>1</error><message>${'long '.repeat(300)}</message></response>`,
      { error: 1, message: 'long '.repeat(300).trim() },
    ],
    [
      'PROTOCOL 133: a whole page after it',
      '<response><error>0</error></response>\n<!DOCTYPE html><html><body><response><error>1</error></response>',
      { error: 0 },
    ],
    [
      'PROTOCOL 133: a whole page before it',
      `<!DOCTYPE html><html><head><title>x</title></head><body><p>ad<br></body></html>\n${prolog}<response><error>0</error></response>`,
      { error: 0 },
    ],
    [
      'PROTOCOL 133: pages before and after it, which quote others',
      '<html><pre><response><error>1</error></pre></html><response><error>0</error></response><html><response><error>2</error></response></html>',
      { error: 0 },
    ],
    [
      'PROTOCOL 133: the warning of a program before it',
      `<br />\n<b>Warning</b>: x in <b>/a.php</b> on line <b>3</b><br />\n${prolog}<response><error>0</error></response>`,
      { error: 0 },
    ],
    ['PROTOCOL 114: success in place of error', '<response><success>0</success></response>', { error: 0 }],
    [
      'PROTOCOL 114: no success',
      '<response><success>1</success><message>no</message></response>',
      { error: 1, message: 'no' },
    ],
    ['error before success', '<response><success>0</success><error>1</error></response>', { error: 1 }],
    ['a missing end', '<response><error>1</error><message>cut off', { error: 1, message: 'cut off' }],
    [
      'UTF-16 with a byte order mark',
      Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from('<response><error>1</error><message>日本</message></response>', 'utf16le'),
      ]),
      { error: 1, message: '日本' },
    ],
  ]
  it.each(readable)('%s', (_, xml, expected) => {
    expect(parseResponse(xml)).toEqual(expected)
  })

  const unreadable: [string, string][] = [
    ['no error element', '<response></response>'],
    ['an empty error element', '<response><error></error></response>'],
    ['a self-closed error element', '<response><error/></response>'],
    ['PEERS 13: text as the code', '<response><error>Trackback already registered</error></response>'],
    ['no number of success', '<response><success>true</success></response>'],
    ['a fraction', '<response><error>0.5</error></response>'],
    ['an error element elsewhere', '<error>0</error>'],
    ['an HTML page', '<!DOCTYPE html><title>Not found</title><p>&lt;response&gt;&lt;error&gt;0'],
    ['a page that shows one', '<html><script>"<response><error>0</error></response>"</script></html>'],
    ['a broken page that shows one', '<html><p><pre><response><error>0</error></response></html>'],
    ['nothing', ''],
    ['plain text', 'ok'],
    ['< alone', '<'],
  ]
  it.each(unreadable)('PROTOCOL 24: %s is no answer', (_, xml) => {
    expect(parseResponse(xml)).toBeNull()
  })

  it('PROTOCOL 21: the charset of the Content-Type counts', () => {
    const bytes = Uint8Array.from([
      ...Buffer.from('<response><error>1</error><message>'),
      0x93,
      0xfa,
      0x96,
      0x7b,
      ...Buffer.from('</message></response>'),
    ])
    expect(parseResponse(bytes, { contentType: 'text/xml; charset=Shift_JIS' })?.message).toBe('日本')
  })

  it('THREATS R5: no entity of a DOCTYPE is expanded, and none is fetched', () => {
    const bomb = `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>`
    expect(parseResponse(`${bomb}<response><error>1</error><message>&b;&c;</message></response>`)).toEqual({
      error: 1,
      message: '&b;&c;',
    })
  })

  it('PROTOCOL 93: a numeric reference out of range is one replacement character', () => {
    const answer = parseResponse(
      '<response><error>1</error><message>&#9999999;&#x110000;x</message></response>',
    )
    expect(answer?.message).toBe('\uFFFD\uFFFDx')
  })

  it('is written and read back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999, max: 999 }),
        fc.string({ unit: 'grapheme-ascii' }),
        (error, text) => {
          const message = text.replace(/\s+/g, ' ').trim()
          const expected = message === '' ? { error } : { error, message }
          expect(parseResponse(generateResponse({ error, message: text }))).toEqual(expected)
        },
      ),
    )
  })

  it('never throws, whatever comes', () => {
    const pieces = [
      '<',
      '>',
      '</',
      '/>',
      'response',
      'error',
      ' ',
      '"',
      '=',
      '&',
      '&#',
      '<![CDATA[',
      ']]>',
      '<!--',
      '0',
      '\0',
      '<?',
      '<!DOCTYPE',
      '[',
      '__proto__',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
        parseResponse(parts.join(''))
        parseWordPressError(parts.join(''), { status: 500 })
      }),
      { numRuns: repeated(1000) },
    )
  })
})

describe('generateResponse', () => {
  it('PROTOCOL 16, 17: writes the bytes of the specification', () => {
    expect(generateResponse({ error: 0 })).toBe(`${prolog}\n<response>\n<error>0</error>\n</response>`)
    expect(generateResponse({ error: 1, message: 'The error message' })).toBe(
      `${prolog}\n<response>\n<error>1</error>\n<message>The error message</message>\n</response>`,
    )
  })

  it('PROTOCOL 29: escapes the message', () => {
    expect(generateResponse({ error: 1, message: `a<b>&"c" \0` })).toContain(
      '<message>a&lt;b&gt;&amp;&quot;c&quot; </message>',
    )
  })

  it('refuses a code that is no integer', () => {
    expect(() => generateResponse({ error: 0.5 })).toThrow(TypeError)
  })
})

describe('parseWordPressError', () => {
  const flood = `<error>
    <code>wp_die</code>
    <title><![CDATA[An error]]></title>
    <message><![CDATA[Too quickly. Slow down.]]></message>
    <data><status>429</status></data>
</error>`

  it('PROTOCOL 103: reads the other document of WordPress', () => {
    const read = (xml: string) => parseWordPressError(xml, { status: 500 })
    expect(read(flood)).toEqual({ error: 429, message: 'Too quickly. Slow down.' })
    expect(parseResponse(flood)).toBeNull()
    expect(read('<error><code>wp_die</code></error>')).toEqual({ error: 500 })
    expect(read('<error><message>no</message><data><status>later</status></data></error>')).toEqual({
      error: 500,
      message: 'no',
    })
  })

  it('is null for an answer, for a page and for an error without anything in it', () => {
    const read = (xml: string) => parseWordPressError(xml, { status: 500 })
    expect(read('<response><error>1</error></response>')).toBeNull()
    expect(read('<html><error><code>x</code></error></html>')).toBeNull()
    expect(read('<error>1</error>')).toBeNull()
    expect(read('')).toBeNull()
  })
})
