import type { IncomingMessage } from 'node:http'
import { limited } from '../../base/waiting.js'
import type { ReceiverResponse } from '../../receive/accept/answers.js'
import { handleFetch } from '../../receive/hosts/fetch-handler.js'
import type { Mountable } from '../../receive/hosts/mountable.js'
import { type PingRequest, splitUrl } from '../../receive/options/request.js'
import type { Receiver } from '../../receive/receiver.js'
import { isBelow } from '../../receive/urls/base-url.js'
import { formatMessage } from '../../text/message.js'
import { type Denial, readAuthorization } from './authorize.js'
import { createFormReader, type Problem } from './form-reader.js'
import { pageWordingFor } from './messages/languages.js'
import { type ModerationHandlerOptions, resolveModerationOptions } from './options.js'
import type { Style } from './pages/context.js'
import { problemPage } from './pages/layout.js'
import { denialReply, pageReply, redirectReply, textReply } from './replies.js'
import { findFeed } from './requests/feeds.js'
import { parseRoute, type Route, routeUrl } from './requests/routes.js'
import { scopeOf } from './requests/scope.js'
import { createViews } from './views.js'

/** The page of moderation, to be mounted like a receiver. */
export interface ModerationHandler<HostRequest = IncomingMessage> extends Mountable<HostRequest> {
  /** Answers one request, whatever it is; never rejects. `host` is what `authorize` is given. */
  handle(request: PingRequest, host: HostRequest): Promise<ReceiverResponse>
  /** The address of a trackback's page, for a mail about it. */
  urlOf(id: string): string
  /** The same for hosts that speak `Request` and `Response`: there, `authorize` takes a `Request`. */
  fetch(request: HostRequest & Request): Promise<Response>
}

/** What the body of a form may hold, in bytes: all ids of a page, and a note. */
const maxBodySize = 65_536

const statuses: Readonly<Record<Problem, number>> = {
  denied: 403,
  ended: 403,
  foreign: 403,
  forged: 403,
  expired: 403,
  used: 409,
  unknown: 400,
  size: 413,
  type: 415,
  method: 405,
  absent: 404,
  failure: 500,
}

/**
 * Makes the page on which an author moderates: what waits, why, and what the source says; published, spam, removed;
 * blocks, search, and undo. It needs no script; where there is one, it has keys. Nothing is served unless `authorize` gives the name of a user, and
 * nothing is changed but by a form of the page itself, of that user, once.
 *
 * Throws a `TypeError` for invalid options, and the `RangeError` of `Intl` for a time zone or a malformed language.
 *
 * ```ts
 * const moderation = createModerationHandler(receiver, {
 *   baseUrl: 'https://my.blog/moderation/',
 *   authorize: (request: express.Request) => request.session.user ?? { redirectTo: '/login' },
 * })
 * app.use(toNodeHandler(moderation)) // after the session, before the body parsers
 * ```
 */
export function createModerationHandler<HostRequest = IncomingMessage>(
  receiver: Receiver,
  options: ModerationHandlerOptions<HostRequest>,
): ModerationHandler<HostRequest> {
  const { base, mountPath: path, ...settings } = resolveModerationOptions(options)
  const style = styleOf(base, options)
  const authorize = limited(options.authorize, settings.hookTimeout, 'authorize')
  const forms = createFormReader(receiver, base.origin, maxBodySize, settings)

  function problem(name: Problem, from?: Route | null): ReceiverResponse {
    const headers = name === 'method' ? { allow: 'GET, HEAD, POST' } : {}
    return pageReply(statuses[name], problemPage(style, name, from ?? null), headers)
  }

  function denied(denial: Denial | null, method: string): ReceiverResponse {
    if (!denial) return problem('denied')
    // From a form, browsers follow no redirect to another origin (`form-action`): a link of this page leads to it.
    return method === 'POST' && 'redirectTo' in denial ? problem('ended') : denialReply(denial)
  }

  /** The feed of what waits; its token is the authorisation, as feed readers have no session. */
  async function serveFeed(token: string): Promise<ReceiverResponse> {
    const feed = await findFeed(receiver.store.records, token)
    if (!feed) return problem('denied')
    const views = createViews(scopeOf(receiver, feed.blogs), style, forms, settings.pageSize)
    return textReply(200, 'application/atom+xml', await views.feed(token))
  }

  async function serve(request: PingRequest, host: HostRequest): Promise<ReceiverResponse> {
    const asked = splitUrl(request.url)
    const token = new URLSearchParams(asked.query).get('token')
    if (asked.path === `${path}feed` && token !== null && request.method !== 'POST') return serveFeed(token)
    const access = readAuthorization(await authorize(host))
    if ('denial' in access) return denied(access.denial, request.method)
    const { user, blogs } = access
    const scope = scopeOf(receiver, blogs, options.sender)
    if (request.method === 'POST') {
      const taken = await forms.take(request, host, user, scope)
      return 'problem' in taken
        ? problem(taken.problem, taken.from)
        : redirectReply(`${base.pathname}${taken.next}`)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return problem('method')
    const route = isBelow(asked.path, path) ? parseRoute(asked.path.slice(path.length), asked.query) : null
    const views = createViews(scope, style, forms, settings.pageSize)
    const view = route && (await views.show(route, user, new URLSearchParams(asked.query).get('done')))
    return view ? pageReply(200, view) : problem('absent', route)
  }

  const handler: ModerationHandler<HostRequest> = {
    path,
    answers: (asked) => isBelow(asked, path),
    urlOf: (id) => `${base.href}${routeUrl({ page: 'trackback', id, query: {} })}`,
    maxBodySize,
    bodyConsumed: problem('failure'),
    report: (error) => receiver.report(error),
    fetch: (request) => handleFetch(handler, request, undefined),
    async handle(request, host) {
      try {
        return await serve(request, host)
      } catch (error) {
        receiver.report(error)
        return problem('failure')
      }
    },
  }
  return handler
}

function styleOf(
  { pathname, host, origin }: URL,
  { lang = 'en', timeZone }: Pick<ModerationHandlerOptions, 'lang' | 'timeZone'>,
): Style {
  const wording = pageWordingFor(lang)
  const { tag } = wording
  const dates = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', timeZone })
  const numbers = new Intl.NumberFormat(tag, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
  const say: Style['say'] = (message, values) => formatMessage(message, values, tag)
  return { ...wording, say, dates, numbers, path: pathname, origin, site: host }
}
