import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import {
  createModerationHandler,
  type ModerationHandler,
} from '../../../src/programs/moderation-page/handler.js'
import type { ModerationHandlerOptions } from '../../../src/programs/moderation-page/options.js'
import type { Receiver } from '../../../src/receive/receiver.js'
import type { NewTrackback, Store, TrackbackChange } from '../../../src/store/store.js'
import { sampleTrackback } from '../../../src/testing/sample.js'
import { post, receiverWith } from '../../receive/support.js'
import { attribute, elementsOf, textOf } from '../../render/page.js'

/** Where the page is, as browsers name it. */
export const origin = 'http://my.example'

/** A page of moderation for fetch, with who it lets in; `headers` say who asks. */
export function moderationWith(
  receiver: Receiver,
  options: Partial<ModerationHandlerOptions<Request>> = {},
): ModerationHandler<Request> {
  return createModerationHandler(receiver, {
    baseUrl: `${origin}/moderation/`,
    authorize: (request: Request) => request.headers.get('x-user'),
    timeZone: 'UTC',
    ...options,
  })
}

/** A receiver whose jobs nobody does, and the ids of trackbacks in its store. */
export async function receiverHolding(
  ...trackbacks: (Partial<NewTrackback> & Partial<TrackbackChange>)[]
): Promise<{ receiver: Receiver; store: Store; ids: string[] }> {
  const receiver = receiverWith({ worker: false })
  const { store } = receiver
  const ids: string[] = []
  for (const [index, trackback] of trackbacks.entries()) ids.push(await keep(store, trackback, index))
  return { receiver, store, ids }
}

async function keep(
  store: Store,
  {
    state = 'held',
    verification = null,
    checks = [],
    history = [],
    ...given
  }: Partial<NewTrackback & TrackbackChange>,
  index: number,
): Promise<string> {
  const url = given.url ?? `https://blog${index}.example/entry`
  const { id = '' } = await store.add(sampleTrackback({ postId: post.id, url, ...given }))
  await store.update(id, 1, { state, verification, checks, history })
  return id
}

/** A page as a browser got it. */
export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly html: string
  /** Its elements, in the order of the document. */
  readonly elements: readonly Tree.Element[]
}

/** A browser without scripts: it follows redirects, and sends the forms of the page it is on. */
export interface Visitor {
  open(path: string): Promise<Seen>
  /** Presses a button by its value, with fields filled in besides what the form has. */
  press(value: string, fields?: readonly (readonly [string, string])[]): Promise<Seen>
  /** Sends a form by hand. */
  post(body: string, headers?: Record<string, string>): Promise<Seen>
  /** The token of the page it is on. */
  token(): string
}

/** Opens a browser of a user. */
export function visit(
  send: (request: Request) => Promise<Response>,
  user = 'hanako',
  base = '/moderation/',
): Visitor {
  let page: Seen | undefined

  async function get(path: string): Promise<Seen> {
    return see(
      await send(new Request(`${origin}${path}`, { headers: { 'x-user': user }, redirect: 'manual' })),
    )
  }

  async function see(response: Response): Promise<Seen> {
    const location = response.headers.get('location')
    if (response.status === 303 && location !== null) return get(location.replace(/#.*/, '')) // browsers send no fragment
    const html = await response.text()
    page = { status: response.status, headers: response.headers, html, elements: documentElements(html) }
    return page
  }

  async function postForm(body: string, headers: Record<string, string> = {}): Promise<Seen> {
    const usual = { 'x-user': user, origin, 'content-type': 'application/x-www-form-urlencoded' }
    const request = new Request(`${origin}${base}`, {
      method: 'POST',
      body,
      headers: { ...usual, ...headers },
      redirect: 'manual',
    })
    return see(await send(request))
  }

  function formOf(value: string): URLSearchParams {
    const button = page?.elements.find(
      (each) => each.tagName === 'button' && attribute(each, 'value') === value,
    )
    if (!button) throw new Error(`there is no button ${value}`)
    let form: Tree.Node = button
    while (form.nodeName !== 'form') form = (form as Tree.Element).parentNode as Tree.Node
    const fields = elementsOf(`<form>${inside(form as Tree.Element)}</form>`).filter(
      ({ tagName }) => tagName === 'input',
    )
    const sent = fields.filter(
      (field) => attribute(field, 'type') === 'hidden' || attribute(field, 'checked') !== undefined,
    )
    const pair = (field: Tree.Element): [string, string] => [
      attribute(field, 'name') ?? '',
      attribute(field, 'value') ?? '',
    ]
    return new URLSearchParams(sent.map(pair))
  }

  function inside(form: Tree.Element): string {
    const location = form.sourceCodeLocation
    return page?.html.slice(location?.startTag?.endOffset, location?.endTag?.startOffset) ?? ''
  }

  return {
    open: (path) => get(`${base}${path}`),
    async press(value, fields = []) {
      const form = formOf(value)
      for (const [name, text] of fields) {
        if (name === 'id') form.append(name, text)
        else form.set(name, text)
      }
      form.append('do', value)
      return postForm(form.toString())
    },
    post: postForm,
    token: () =>
      page?.elements
        .map((each) => (attribute(each, 'name') === 'token' ? attribute(each, 'value') : undefined))
        .find(Boolean) ?? '',
  }
}

function documentElements(html: string): Tree.Element[] {
  const found: Tree.Element[] = []
  const collect = (node: Tree.Node): void => {
    if ('tagName' in node) found.push(node)
    if ('childNodes' in node) node.childNodes.forEach(collect)
  }
  collect(parse(html, { sourceCodeLocationInfo: true }))
  return found
}

/** The texts of the elements that have a class, white space as it is shown. */
export function textsOf({ elements }: Seen, name: string): string[] {
  return elements
    .filter((element) => attribute(element, 'class')?.split(' ').includes(name))
    .map((element) => textOf(element).replace(/\s+/g, ' ').trim())
}

/** The text of the first element of a kind. */
export function textIn({ elements }: Seen, tagName: string): string {
  return textOf(elements.find((element) => element.tagName === tagName))
    .replace(/\s+/g, ' ')
    .trim()
}

/** The titles of the trackbacks of a list. */
export function titlesOf({ elements }: Seen): string[] {
  return elements.filter(({ tagName }) => tagName === 'h2').map((element) => textOf(element))
}
