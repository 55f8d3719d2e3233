import { createHash } from 'node:crypto'
import type { ReceiverResponse } from '../../receive/accept/answers.js'
import type { Denial } from './authorize.js'
import type { Problem, Style } from './pages/context.js'
import { problemPage } from './pages/layout.js'
import style from './pages/page.css?raw'
import script from './pages/page.js?raw'
import type { Route } from './requests/routes.js'

/** The statuses of HTTP for what is not served; the others are refusals. */
const statuses: Readonly<Partial<Record<Problem, number>>> = {
  ...{ unknown: 400, absent: 404, method: 405, used: 409, size: 413, type: 415, failure: 500 },
}

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

/** The page that says why a request was not served; `from` is the one that it came from. */
export function problemReply(style: Style, name: Problem, from: Route | null = null): ReceiverResponse {
  const headers = name === 'method' ? { allow: 'GET, HEAD, POST' } : {}
  return textReply(statuses[name] ?? 403, 'text/html', problemPage(style, name, from).markup, headers)
}

/** Sends the browser to another page, which it asks for with GET. */
export function redirectReply(location: string): ReceiverResponse {
  // A header is ASCII: a path in Japanese is percent-encoded.
  const ascii = location.toWellFormed().replace(/[^!-~]+/g, encodeURIComponent)
  return textReply(303, 'text/plain', '', { location: ascii })
}

/** The answer for who may not moderate: the blog engine's own, where there is one. */
export function denialReply(style: Style, denial: Denial | null, method: string): ReceiverResponse {
  if (!denial) return problemReply(style, 'denied')
  // From a form, browsers follow no redirect to another origin (`form-action`): a link of this page leads to it.
  if ('redirectTo' in denial)
    return method === 'POST' ? problemReply(style, 'ended') : redirectReply(denial.redirectTo)
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
