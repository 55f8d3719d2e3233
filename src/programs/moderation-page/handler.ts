import type { IncomingMessage } from 'node:http'
import { limited } from '../../base/waiting.js'
import type { ReceiverResponse } from '../../receive/accept/answers.js'
import { handleFetch } from '../../receive/hosts/fetch-handler.js'
import type { Mountable } from '../../receive/hosts/mountable.js'
import { type PingRequest, splitUrl } from '../../receive/options/request.js'
import { createRecent } from '../../receive/policy/recent.js'
import type { Receiver } from '../../receive/receiver.js'
import { isBelow } from '../../receive/urls/base-url.js'
import { troubledStates } from '../../send/outbox/delivery.js'
import { readAuthorization } from './authorize.js'
import { createFormReader, maxBodySize } from './forms.js'
import { type ModerationHandlerOptions, resolveModerationOptions } from './options.js'
import { createStyle } from './pages/context.js'
import { denialReply, problemReply, textReply } from './replies.js'
import { type Route, readRoute, routeUrl } from './requests/routes.js'
import { type Scope, scopeOf, scopeOn } from './requests/scope.js'
import { createFormTokens, findFeed } from './requests/tokens.js'
import { createViews, renderFeed } from './views.js'

/** The page of moderation, to be mounted like a receiver. `authorize` is given what `handle` gets as its host. */
export interface ModerationHandler<HostRequest = IncomingMessage> extends Mountable<HostRequest> {
  /** The address of a trackback's page, for a mail about it. */
  urlOf(id: string): string
  /** The same for hosts that speak `Request` and `Response`: there, `authorize` takes a `Request`. */
  fetch(request: HostRequest & Request): Promise<Response>
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
  const { base, mountPath: path, formTtl, hookTimeout, now, ...settings } = resolveModerationOptions(options)
  const style = createStyle(base, settings.lang, settings.timeZone, settings.pageSize)
  const authorize = limited(options.authorize, hookTimeout, 'authorize')
  const tokens = createFormTokens(receiver.store.records, formTtl, now)
  const takeForm = createFormReader(style, tokens, now)
  // All deliveries are read for it: what a page counts may be ten seconds old.
  const troubled = createRecent(
    async () => (await options.sender?.list({ state: troubledStates }, { limit: 1 }))?.total,
    now,
  )
  const show = createViews(style, tokens, async () => troubled.get())

  async function serve(request: PingRequest, host: HostRequest): Promise<ReceiverResponse> {
    const { method } = request
    const { path: asked, query } = splitUrl(request.url)
    const route = isBelow(asked, path) ? readRoute(`${asked.slice(path.length)}?${query}`) : null
    const token = route?.page === 'feed' && method !== 'POST' ? route.query.token : undefined
    if (token !== undefined) {
      // The token is the authorisation, as feed readers have no session.
      const feed = await findFeed(receiver.store.records, token)
      if (!feed) return problemReply(style, 'denied')
      const scope = scopeOf(receiver, { user: '', blogs: feed.blogs })
      return textReply(200, 'application/atom+xml', await renderFeed(token, scope, style))
    }
    const access = readAuthorization(await authorize(host))
    if ('denial' in access) return denialReply(style, access.denial, method)
    const scopeAt = (page: Route | null): Scope => scopeOn(page, receiver, access, options.sender)
    if (method === 'POST') return takeForm(request, host, scopeAt)
    if (method !== 'GET' && method !== 'HEAD') return problemReply(style, 'method')
    const page = route && (await show(route, scopeAt(route)))
    return page ? textReply(200, 'text/html', page.markup) : problemReply(style, 'absent', route)
  }

  const handler: ModerationHandler<HostRequest> = {
    path,
    answers: (asked) => isBelow(asked, path),
    urlOf: (id) => `${base.href}${routeUrl({ page: 'trackback', id, query: {} })}`,
    maxBodySize,
    bodyConsumed: problemReply(style, 'failure'),
    report: (error) => receiver.report(error),
    fetch: (request) => handleFetch(handler, request, undefined),
    async handle(request, host) {
      try {
        return await serve(request, host)
      } catch (error) {
        receiver.report(error)
        return problemReply(style, 'failure')
      }
    },
  }
  return handler
}
