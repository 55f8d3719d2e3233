import type { PingRequest } from '../../receive/options/request.js'
import { linkTo, type Style } from './pages/context.js'
import { problemReply, redirectReply } from './replies.js'
import { makeChange } from './requests/changes.js'
import { listOf, type Route, readRoute } from './requests/routes.js'
import type { Scope } from './requests/scope.js'
import type { FormTokens } from './requests/tokens.js'

/** What the body of a form may hold, in bytes: all ids of a page, and a note. */
export const maxBodySize = 65_536

const longestOrigin = 200

/**
 * Makes the way in for everything that changes something: it does what a form asks for, if that is one of this user's own,
 * from this page, and used for the first time.
 */
export function createFormReader(style: Style, tokens: FormTokens, now: () => number) {
  let isTold = false

  /** Whether a browser says that a form is from somewhere else. What says nothing is judged by its token alone. */
  function isForeign(host: unknown, report: Scope['report']): boolean {
    const site = headerOf(host, 'sec-fetch-site')
    const from = headerOf(host, 'origin')
    if (site !== undefined && site !== 'same-origin') return true
    if (from === undefined || from === style.origin) return false
    // Once: other sites that make a signed-in browser send forms cannot fill a log.
    const wrong = `it came from ${from.slice(0, longestOrigin)}, but baseUrl's origin is ${style.origin}`
    if (!isTold) report(new Error(`Moderation form rejected: ${wrong}. Set baseUrl to the public URL.`))
    isTold = true
    return true
  }

  return async (
    { body, contentType }: PingRequest,
    host: unknown,
    scopeAt: (route: Route | null) => Scope,
  ) => {
    if (isForeign(host, scopeAt(null).report)) return problemReply(style, 'foreign')
    if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? ''))
      return problemReply(style, 'type')
    if (body && body.length > maxBodySize) return problemReply(style, 'size')
    const form = new URLSearchParams(Buffer.from(body ?? []).toString())
    const from = readRoute(form.get('from') ?? ' ')
    const scope = scopeAt(from)
    const verdict = await tokens.spend(form.get('token') ?? '', scope.user)
    if (verdict !== 'good') return problemReply(style, verdict, from)
    const done = await makeChange({ form, list: listOf(from), scope, now: now() })
    if (done === null) return problemReply(style, 'unknown', from)
    // After a decision on a trackback's own page to the next one, else back to where it was; the page says what was done.
    const to = readRoute(form.get('next') ?? ' ') ?? from ?? { page: 'held', query: {} }
    const query = { ...to.query, select: undefined, done }
    return redirectReply(`${linkTo(style, { ...to, query })}#done`)
  }
}

/** A header of a request as `node:http` and its frameworks have it, or as `Request` has it. */
function headerOf(host: unknown, name: string): string | undefined {
  const { headers = {} } = (host ?? {}) as { headers?: Headers | Readonly<Record<string, unknown>> }
  const value =
    typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown>)[name]
  return value === null || value === undefined ? undefined : String(value)
}
