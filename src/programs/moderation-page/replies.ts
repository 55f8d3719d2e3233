import { createHash } from 'node:crypto'
import type { ReceiverResponse } from '../../receive/accept/answers.js'
import type { Denial } from './authorize.js'
import type { Html } from './pages/html.js'
import style from './pages/page.css?raw'
import script from './pages/page.js?raw'

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** What every answer carries: nothing is kept, framed, sent on or loaded from elsewhere; our own script alone runs. */
const safeHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Not `no-referrer`: with it, browsers send no origin with our own forms.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
} as const

/** A page as an answer. */
export function pageReply(
  status: number,
  { markup }: Html,
  headers: Readonly<Record<string, string>> = {},
): ReceiverResponse {
  return textReply(status, 'text/html', markup, headers)
}

/** Sends the browser to another page, which it asks for with GET. */
export function redirectReply(location: string): ReceiverResponse {
  // A header is ASCII: a path in Japanese is percent-encoded.
  const ascii = location.toWellFormed().replace(/[^!-~]+/g, encodeURIComponent)
  return textReply(303, 'text/plain', '', { location: ascii })
}

/** The answer of the blog engine's own for who may not moderate. */
export function denialReply(denial: Denial): ReceiverResponse {
  if ('redirectTo' in denial) return redirectReply(denial.redirectTo)
  const given = Object.entries(denial.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  return textReply(denial.status, 'text/plain', denial.body ?? '', Object.fromEntries(given))
}

/** A text as an answer. */
export function textReply(
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): ReceiverResponse {
  const own = { 'content-type': `${type}; charset=utf-8`, 'content-length': String(Buffer.byteLength(body)) }
  return { status, headers: { ...safeHeaders, ...own, ...headers }, body }
}
