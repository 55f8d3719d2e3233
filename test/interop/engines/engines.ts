import { expect } from 'vitest'
import { encodeText } from '../../../src/text/charset/encode.js'
import { type Engine, escapeHtml, isUtf8, rawForm, rdf, textsOf, xmlAnswer } from './engine.js'

const form = 'application/x-www-form-urlencoded'
const xml = { 'content-type': 'text/xml; charset=utf-8' }
const html = { 'content-type': 'text/html; charset=UTF-8' }
const utf8 = (bytes: Buffer): string => bytes.toString()
const latin1 = (bytes: Buffer): string => bytes.toString('latin1')
const refuse = (message: string) => ({ headers: xml, body: xmlAnswer(1, message) })

const wordpressError = (status: number, message: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><error><code>wp_die</code><title><![CDATA[WordPress]]></title>\
<message><![CDATA[${message}]]></message><data><status>${status}</status></data></error>`

/** PROTOCOL 102-105, 112, 113: reads only the field `charset`, and guesses UTF-8 wrongly without it. */
function wordpress(version: string, sent: Readonly<Record<string, string>>): Engine {
  const isSince69 = version.startsWith('7')
  return {
    name: `WordPress ${version}`,
    path: '/2026/11/hello/trackback/',
    receive(request) {
      const { fields } = request
      if (!fields.get('url') || !fields.get('title'))
        return { headers: { 'content-type': 'text/html' }, body: '' }
      const charset = fields.get('charset') ?? 'shift_jis'
      // Since 6.9 bytes beyond ASCII in another charset than UTF-8 are not stored.
      const isLost = isSince69 && fields.has('charset') && !/^(?:utf-8|iso-2022-jp)$/i.test(charset)
      if (isLost) return { headers: { 'content-type': 'text/html' }, body: '' }
      const stored = textsOf(request, (bytes) => new TextDecoder(charset).decode(bytes))
      return { headers: { 'content-type': 'text/xml; charset=UTF-8' }, body: xmlAnswer(0), stored }
    },
    page: (pageUrl, pingUrl) => ({
      headers: html,
      body: `<!DOCTYPE html><title>Hello</title><a href="${pingUrl}" rel="trackback">Trackback</a><a href="${pageUrl}">Hello</a>`,
    }),
    refusals: [
      {
        when: 'a POST to a page instead of its ping URL',
        answer: { headers: html, body: `<!DOCTYPE html><title>Hello</title>${'<p>text</p>'.repeat(9000)}` },
        means: { outcome: 'unrecognised', contentType: html['content-type'] },
      },
      {
        when: 'too many pings (PROTOCOL 103)',
        answer: {
          status: 429,
          headers: xml,
          body: wordpressError(429, 'You are posting comments too quickly.'),
        },
        means: { outcome: 'throttled' },
      },
      {
        when: 'the same ping again (PROTOCOL 103)',
        answer: { status: 409, headers: xml, body: wordpressError(409, 'Duplicate comment detected.') },
        means: { outcome: 'refused', code: 409, message: 'Duplicate comment detected.' },
      },
    ],
    send: ({ url, title, excerpt, blogName }) => ({
      headers: { 'content-type': form, ...sent },
      body: rawForm([
        ['title', escapeHtml(title)],
        ['url', url],
        ['blog_name', blogName],
        ['excerpt', escapeHtml(excerpt)],
      ]).replaceAll('%20', '+'),
      expected: { url, title, excerpt, blogName },
    }),
  }
}

/** PROTOCOL 18, 107, 108, 111: the field `charset` destroys the text, unless its own pair stands beside it. */
const serendipity: Engine = {
  name: 'Serendipity 2.7',
  path: '/comment.php?type=trackback&entry_id=3',
  receive(request) {
    const { fields } = request
    const own = fields.get('serendipity[charset]')
    const isBroken = own === undefined ? fields.has('charset') : own !== 'UTF-8/'
    const decode = (bytes: Buffer): string => {
      if (isBroken) return latin1(bytes).replace(/[^\0-~]/g, '?')
      return isUtf8(bytes) ? utf8(bytes) : latin1(bytes)
    }
    return { headers: html, body: xmlAnswer(0, '', 'iso-8859-1'), stored: textsOf(request, decode) }
  },
  page: (pageUrl, pingUrl) => ({
    headers: html,
    body: `<head><link rel="trackback" type="${form}" href="${escapeHtml(pingUrl)}"></head><!-- ${rdf({
      'rdf:about': `${new URL(pageUrl).origin}/feeds/comments.rss`,
      'trackback:ping': escapeHtml(pingUrl),
      'dc:title': 'Hello',
      'dc:identifier': pageUrl,
    })} -->`,
  }),
  refusals: [
    {
      when: 'any failure (PROTOCOL 107)',
      answer: { headers: html, body: xmlAnswer(1, 'Danger Will Robinson, trackback failed.', 'iso-8859-1') },
      means: { outcome: 'refused', message: 'Danger Will Robinson, trackback failed.' },
    },
  ],
  send: ({ url, title, excerpt, blogName }) => ({
    headers: { 'content-type': form },
    body: rawForm([
      ['url', url],
      ['title', title],
      ['blog_name', blogName],
      ['excerpt', excerpt],
    ]),
    expected: { url, title, excerpt, blogName },
  }),
}

/** PROTOCOL 109, 110: honours both declarations; text that is not its charset gives an HTML error page. */
const movableType: Engine = {
  name: 'Movable Type 6.8.8',
  path: '/mt/mt-tb.cgi/5',
  receive(request) {
    const charset =
      /charset=([\w-]+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? request.fields.get('charset')
    const decoder = new TextDecoder(charset ?? 'utf-8', { fatal: true })
    try {
      const stored = textsOf(request, (bytes) => decoder.decode(bytes))
      if (stored.url === '') return refuse('You need to provide a Source URL (url).')
      return { headers: xml, body: `${xmlAnswer(0)}\n`, stored }
    } catch {
      return { headers: html, body: '<!DOCTYPE html><title>Error</title>' }
    }
  },
  page: (pageUrl, pingUrl) => ({
    headers: html,
    body: `<!--\n${rdf({
      'rdf:about': pageUrl,
      'trackback:ping': pingUrl,
      'dc:title': 'Hello',
      'dc:identifier': pageUrl,
      'dc:creator': 'Melody',
      'dc:date': '2026-11-28T09:00:00+09:00',
    })}\n-->`,
  }),
  refusals: [
    {
      when: 'too many pings (PROTOCOL 109)',
      answer: {
        status: 403,
        headers: xml,
        body: xmlAnswer(1, 'You are sending TrackBack pings too quickly. Please try again later.'),
      },
      means: { outcome: 'throttled' },
    },
    {
      when: 'text that is not in its charset (PROTOCOL 109)',
      answer: { headers: html, body: '<!DOCTYPE html><title>Error</title><p>Malformed UTF-8 character</p>' },
      means: { outcome: 'unrecognised' },
    },
  ],
  send: ({ url, title, excerpt, blogName }) => ({
    headers: { 'content-type': `${form}; charset=UTF-8`, te: 'deflate,gzip;q=0.3', connection: 'TE, close' },
    body: rawForm([
      ['title', title],
      ['url', url],
      ['excerpt', excerpt],
      ['blog_name', blogName],
    ]),
    expected: { url, title, excerpt, blogName },
  }),
}

/** PROTOCOL 114, 115: `<success>` in place of `<error>`, and pings as multipart without a title. */
const typecho: Engine = {
  name: 'Typecho 1.3',
  path: '/archives/1/trackback',
  receive(request) {
    if (request.headers['referer']) return { status: 302, headers: { location: '/archives/1' }, body: '' }
    const said = '<success>0</success><message>Trackback has registered.</message>'
    return {
      headers: xml,
      body: `<?xml version="1.0" encoding="UTF-8"?><response>${said}</response>`,
      stored: textsOf(request, utf8),
    }
  },
  refusals: [
    {
      when: 'no success (PROTOCOL 114)',
      answer: {
        headers: xml,
        body: '<?xml version="1.0" encoding="UTF-8"?><response><success>1</success><message>No URL.</message></response>',
      },
      means: { outcome: 'refused', code: 1, message: 'No URL.' },
    },
    {
      when: 'the same ping again (PROTOCOL 114)',
      answer: {
        status: 403,
        headers: html,
        body: '<!DOCTYPE html><html><title>403</title><body>Forbidden</body></html>',
      },
      means: { outcome: 'unrecognised', snippet: expect.stringContaining('Forbidden') },
    },
    {
      when: 'a closed or unknown post (PROTOCOL 114)',
      answer: {
        status: 404,
        headers: html,
        body: '<!DOCTYPE html><html><title>404</title><body>Not found</body></html>',
      },
      means: { outcome: 'unrecognised' },
    },
  ],
  send: ({ url, title, excerpt, blogName }) => ({
    headers: { 'content-type': 'multipart/form-data; boundary=------typecho7' },
    body: `${[
      ['blog_name', `${blogName} &raquo ${title}`],
      ['url', url],
      ['excerpt', `<p>${escapeHtml(excerpt)}</p>`],
    ]
      .map(
        ([name, value]) =>
          `--------typecho7\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('')}--------typecho7--\r\n`,
    expected: { url, excerpt, blogName: `${blogName} » ${title}` },
  }),
}

/** PROTOCOL 10, 31, 118: requires a blog name, cuts titles, and escapes its texts for HTML. */
const dotclear: Engine = {
  name: 'Dotclear 2.39.2',
  path: '/index.php/trackback/7',
  receive(request) {
    const charset = /charset=([\w-]+)/.exec(request.headers['content-type'] ?? '')?.[1]
    const texts = textsOf(request, (bytes) =>
      new TextDecoder(charset ?? (isUtf8(bytes) ? 'utf-8' : 'latin1')).decode(bytes),
    )
    if (!texts.blogName || !texts.title) return refuse('Blog name is required.')
    const stored = { ...texts, title: texts.title.slice(0, 60), excerpt: texts.excerpt.slice(0, 252) }
    return {
      headers: xml,
      body: `<?xml version="1.0" encoding="utf-8"?>\n<response>\n  <error>0</error>\n</response>`,
      stored,
    }
  },
  page: (pageUrl, pingUrl) => ({
    headers: html,
    body: `<!--\n${rdf({ 'rdf:about': pageUrl, 'dc:identifier': pageUrl, 'dc:title': 'Hello', 'trackback:ping': pingUrl })}\n-->`,
  }),
  send: ({ url, title, excerpt, blogName }) => ({
    headers: { 'content-type': `${form}; charset=UTF-8`, host: 'other.example' },
    body: rawForm([
      ['title', escapeHtml(title)],
      ['excerpt', escapeHtml(excerpt)],
      ['url', url],
      ['blog_name', blogName],
      ['__debug', '0'],
    ]),
    expected: { url, title, excerpt, blogName },
  }),
}

/** PROTOCOL 22, 120: blanks inside `<error>`, an empty message, and only visible text that names the ping URL. */
const b2evolution: Engine = {
  name: 'b2evolution 7.2.5',
  path: '/htsrv/trackback.php/12',
  receive: (request) => ({
    headers: { 'content-type': 'text/xml' },
    body: '<?xml version="1.0" encoding="iso-8859-1"?>\n<response>\n<error>\r\n0\t</error>\n<message></message>\n</response>',
    stored: textsOf(request, utf8),
  }),
  send: ({ url, title, excerpt, blogName }) => ({
    headers: { 'content-type': form },
    body: rawForm([
      ['url', url],
      ['title', title],
      ['excerpt', excerpt],
      ['blog_name', blogName],
    ]).replaceAll('%20', '+'),
    expected: { url, title, excerpt, blogName },
  }),
}

/** PROTOCOL 116: bare quotes and `&` in the title before the identifier, and a declared charset that is wrong. */
const geeklog: Engine = {
  name: 'Geeklog 2.2.2',
  path: '/trackback.php?id=welcome',
  receive: (request) => ({
    headers: { 'content-type': 'text/xml' },
    body: xmlAnswer(0),
    stored: textsOf(request, utf8),
  }),
  page: (pageUrl, pingUrl) => ({
    headers: { 'content-type': 'text/html; charset=iso-8859-1' },
    body: `<title>ようこそ</title><!--\n${rdf({
      'rdf:about': pageUrl,
      'dc:title': 'ようこそ "A" & B',
      'dc:identifier': pageUrl,
      'trackback:ping': pingUrl,
    })}\n-->`,
  }),
  refusals: [
    {
      when: 'one ping in 300 seconds is enough (PROTOCOL 116)',
      answer: {
        status: 403,
        headers: { 'content-type': 'text/xml' },
        body: xmlAnswer(
          1,
          'Your last trackback comment was 75 seconds ago. This site requires at least 300 seconds between trackback comments.',
        ),
      },
      means: { outcome: 'throttled', retryAfter: 225 },
    },
  ],
  send: ({ url, title, excerpt, blogName }) => ({
    headers: { 'content-type': `${form}; charset=utf-8` },
    body: rawForm([
      ['url', url],
      ['title', title],
      ['blog_name', blogName],
      ['excerpt', excerpt],
    ]).replaceAll('%20', '+'),
    expected: { url, title, excerpt, blogName },
  }),
}

/** PROTOCOL 13, 21, 53: another media type of XML, a ping URL with a reference in it, and a charset in the header. */
const nucleus: Engine = {
  name: 'Nucleus with NP_TrackBack 3',
  path: '/action.php?action=plugin&name=TrackBack&tb_id=5',
  receive(request) {
    const texts = textsOf(request, (bytes) =>
      isUtf8(bytes) ? utf8(bytes) : new TextDecoder('euc-jp').decode(bytes),
    )
    if (/^https?:\/\/[^/]*:\d/.test(texts.url)) return refuse('The URL is not valid.')
    return {
      headers: { 'content-type': 'application/xml; charset=utf-8' },
      body: xmlAnswer(0),
      stored: texts,
    }
  },
  page: (pageUrl, pingUrl) => ({
    headers: html,
    body: `<!--\n${rdf({
      'rdf:about': pageUrl,
      'dc:identifier': pageUrl,
      'trackback:ping': escapeHtml(pingUrl),
      'dc:title': 'Hello',
    })}\n-->`,
  }),
  refusals: [
    {
      when: 'a source with a port (PROTOCOL 120)',
      answer: { headers: xml, body: xmlAnswer(1, 'The URL is not valid.') },
      means: { outcome: 'refused', message: 'The URL is not valid.' },
    },
  ],
  send: ({ url, title, excerpt, blogName }) => ({
    headers: { 'content-type': `${form}; charset=UTF-8` },
    body: rawForm([
      ['title', title],
      ['url', url],
      ['excerpt', excerpt],
      ['blog_name', blogName],
    ]).replaceAll('%20', '+'),
    expected: { url, title, excerpt, blogName },
  }),
}

/** PROTOCOL 13, 22, 117: root-relative identifiers, a scheme-relative ping URL, CDATA in the answer, and EUC-KR. */
const textcube: Engine = {
  name: 'Textcube 2',
  path: '/trackback/1',
  receive(request) {
    const charset = /charset=([\w-]+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8'
    return {
      headers: xml,
      body: '<?xml version="1.0" encoding="utf-8"?>\n<response>\n\t<error><![CDATA[0]]></error>\n\t<message><![CDATA[]]></message>\n</response>',
      stored: textsOf(request, (bytes) => new TextDecoder(charset).decode(bytes)),
    }
  },
  page: (pageUrl, pingUrl) => ({
    headers: html,
    body: `<!--\n${rdf({
      'rdf:about': new URL(pageUrl).pathname,
      'dc:identifier': new URL(pageUrl).pathname,
      'dc:title': 'Hello',
      'trackback:ping': pingUrl.replace('http:', ''),
    })}\n-->`,
  }),
  refusals: [
    {
      when: 'a failure in CDATA (PROTOCOL 117)',
      answer: {
        headers: xml,
        body: '<?xml version="1.0" encoding="utf-8"?>\n<response>\n\t<error><![CDATA[1]]></error>\n\t<message><![CDATA[Closed]]></message>\n</response>',
      },
      means: { outcome: 'refused', code: 1, message: 'Closed' },
    },
  ],
  send: ({ url, title, excerpt, blogName }) => {
    const bytes = (text: string): string => Buffer.from(encodeText(text, 'euc-kr')).toString('latin1')
    const encode = (text: string): string =>
      bytes(text).replace(/[^\w.-]/g, (found) => `%${found.charCodeAt(0).toString(16).padStart(2, '0')}`)
    const fields = { title, url, excerpt, blog_name: blogName }
    return {
      headers: { 'content-type': `${form}; charset=euc-kr` },
      body: Object.entries(fields)
        .map(([name, value]) => `${name}=${encode(value)}`)
        .join('&'),
      expected: { url, title, excerpt, blogName },
    }
  },
}

/** The ten engines that were run, as their facts describe them. */
export const engines: readonly Engine[] = [
  wordpress('6.1.9', { referer: 'http://my.example/tb/7' }),
  wordpress('7.1', {}),
  serendipity,
  movableType,
  typecho,
  dotclear,
  b2evolution,
  geeklog,
  nucleus,
  textcube,
]
