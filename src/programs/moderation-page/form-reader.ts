import type { PingRequest } from '../../receive/options/request.js'
import type { Receiver } from '../../receive/receiver.js'
import type { PageMessages } from './messages/languages.js'
import type { ModerationSettings } from './options.js'
import { type Change, createChanges } from './requests/changes.js'
import { type Command, readCommand } from './requests/command.js'
import { createFormTokens } from './requests/form-tokens.js'
import { idsOf } from './requests/listing.js'
import { listOf, listRoute, type Route, readRoute, routeUrl } from './requests/routes.js'
import type { Scope } from './requests/scope.js'

/** Why a request was not served. */
export type Problem = keyof PageMessages['problems']

/** What came of a form: where to go next, or why nothing was changed, and the page that the form was on. */
export type Taken = { readonly next: string } | { readonly problem: Problem; readonly from?: Route | null }

/** The way in for everything that changes something. */
export interface FormReader {
  /** Does what a form asks for, if it is one of this user's own, from this page, and used for the first time. */
  take(request: PingRequest, host: unknown, user: string, scope: Scope): Promise<Taken>
  /** A token for the forms of one page. */
  token(user: string): Promise<string>
  /** What was done under a key. */
  find(key: string, user: string): Promise<Change | null>
}

/** Makes the reader of forms. */
export function createFormReader(
  receiver: Receiver,
  origin: string,
  maxBodySize: number,
  { formTtl, now }: Pick<ModerationSettings, 'formTtl' | 'now'>,
): FormReader {
  const tokens = createFormTokens(receiver.store.records, formTtl, now)
  const changes = createChanges(receiver.store.records, now)
  let isTold = false

  /** Whether a browser says that a form is from somewhere else. What says nothing is judged by its token alone. */
  function isForeign(host: unknown): boolean {
    const site = headerOf(host, 'sec-fetch-site')
    const from = headerOf(host, 'origin')
    if (site !== undefined && site !== 'same-origin') return true
    if (from === undefined || from === origin) return false
    // Once: other sites that make a signed-in browser send forms cannot fill a log.
    if (!isTold) receiver.report(new Error(originMessage(from.slice(0, longestOrigin), origin)))
    isTold = true
    return true
  }

  return {
    token: (user) => tokens.issue(user),
    find: (key, user) => changes.find(key, user),
    async take({ body, contentType }, host, user, scope) {
      if (isForeign(host)) return { problem: 'foreign' }
      if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? '')) return { problem: 'type' }
      if (body && body.length > maxBodySize) return { problem: 'size' }
      const form = new URLSearchParams(Buffer.from(body ?? []).toString())
      const from = readRoute(form.get('from') ?? ' ')
      const command = readCommand(form)
      const verdict = await tokens.spend(form.get('token') ?? '', user)
      if (verdict !== 'good') return { problem: verdict, from }
      if (!command) return { problem: 'unknown', from }
      const list = listOf(from)
      const isAll = command.do === 'decide' && command.all !== undefined
      const ids = isAll && list ? await idsOf(list, command.all ?? 0, scope.store) : null
      const key = await changes.make(ids ? ({ ...command, ids } as Command) : command, user, scope)
      return { next: afterwards(nextRoute(command, form.get('next'), from), key) }
    },
  }
}

/** Where a form leads: after a decision on a trackback's own page to the next one, else back to where it was. */
function nextRoute(command: Command, next: string | null, from: Route | null): Route {
  const following = command.do === 'decide' && next !== null ? readRoute(next) : null
  return following ?? from ?? listRoute('held')
}

/** A page of ours, which says what was done, at the place where it was. */
function afterwards(route: Route, key: string): string {
  const url = routeUrl(
    route.page === 'list' ? { ...route, query: { ...route.query, select: undefined } } : route,
  )
  return `${url}${url.includes('?') ? '&' : '?'}done=${key}#done`
}

const longestOrigin = 200

function originMessage(from: string, origin: string): string {
  return `Moderation form rejected: it came from ${from}, but baseUrl's origin is ${origin}. Set baseUrl to the public URL.`
}

/** A header of a request as `node:http` and its frameworks have it, or as `Request` has it. */
function headerOf(host: unknown, name: string): string | undefined {
  const { headers } = (host ?? {}) as { headers?: Headers | Record<string, string | string[] | undefined> }
  if (headers === undefined) return undefined
  const value =
    typeof headers.get === 'function'
      ? headers.get(name)
      : (headers as Record<string, string | string[]>)[name]
  return value === null || value === undefined ? undefined : String(value)
}
