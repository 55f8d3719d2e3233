import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Address, compareAddresses, toAddress } from '../../discover/identifier.js'
import { resolveUrl, serverOf, withoutWww } from '../../protocol/url.js'
import {
  attributeOf,
  createHtmlTokenizer,
  type HtmlAttribute,
  type HtmlHandler,
  piecesOf,
} from '../../text/html.js'
import { cleanText } from '../../text/plain.js'
import { createTitleReader } from '../../text/title.js'
import { createEnclosure, isHidden, isUserContent } from '../../text/user-content.js'
import type { Verification } from '../options/types.js'
import { createPassage, type PassageReader } from './passage.js'

/** What a page says about the link that is looked for. */
export type Finding = Omit<Verification, 'finalUrl' | 'status' | 'code'>

/** A link, the text around it, and whether something in it can be seen. */
interface Sighting {
  link: string | undefined
  isVisible: boolean
  passage: PassageReader
}

function newSighting(): Sighting {
  return { link: undefined, isVisible: false, passage: createPassage() }
}

/** Elements that show something without text. */
const shown = new Set(['img', 'svg', 'video', 'picture', 'canvas', 'object', 'embed', 'iframe', 'math'])

/** Forgets a link that ended, or was not closed, with nothing in it to see or click. */
function dropEmpty(sighting: Sighting, isEnd = false): void {
  if (sighting.link === undefined || sighting.isVisible || (sighting.passage.isInLink && !isEnd)) return
  Object.assign(sighting, newSighting())
}

/** The page that is searched, and what for. */
export interface LinkQuery {
  readonly html: string
  /** The URL that answered. */
  readonly url: string
  /** The longest URL in it, in characters; a longer one counts as none. */
  readonly maxUrlLength: number
  readonly targets: readonly Address[]
}

/** Looks for a link to one of the targets; a long page does not hold up the event loop. */
export function findLink(query: LinkQuery): Promise<Finding> {
  return new LinkSearch(query).read()
}

type Matcher = (reference: string | undefined) => string | null

/** Follows the tokens of a page. What its author links counts before what others wrote there. */
class LinkSearch implements HtmlHandler {
  readonly #tokenizer = createHtmlTokenizer(this)
  readonly #title = createTitleReader()
  readonly #byOthers = createEnclosure(isUserContent)
  readonly #hidden = createEnclosure(isHidden)
  readonly #own = newSighting()
  readonly #theirs = newSighting()
  readonly #sightings = [this.#own, this.#theirs]
  readonly #query: LinkQuery
  #base: string | undefined
  #matches: Matcher
  #canonical: string | undefined

  constructor(query: LinkQuery) {
    this.#query = query
    this.#matches = createMatcher(query, query.url)
  }

  async read(): Promise<Finding> {
    const { html, url } = this.#query
    for (const piece of piecesOf(html)) {
      if (this.#own.passage.isComplete) break
      this.#tokenizer.write(piece)
      await nextTurn()
    }
    this.#tokenizer.end()
    for (const each of this.#sightings) dropEmpty(each, true)
    const canonicalUrl = this.#canonical
    const isOnHost = canonicalUrl !== undefined && serverOf(new URL(canonicalUrl)) === serverOf(new URL(url))
    return { ...findingOf(this.#own, this.#theirs, this.#title.read()), ...(isOnHost && { canonicalUrl }) }
  }

  startTag(name: string, attributes: readonly HtmlAttribute[], selfClosing: boolean): void {
    this.#title.startTag(name, attributes, selfClosing)
    const isTheirs = this.#byOthers.startTag(name, attributes)
    const isSeen = !this.#hidden.startTag(name, attributes)
    for (const each of this.#sightings) {
      each.passage.startTag(name)
      dropEmpty(each)
      if (each.passage.isInLink && isSeen && shown.has(name)) each.isVisible = true
    }
    if (name === 'link') this.#readCanonical(attributes)
    if (this.#own.link !== undefined) return
    if (name === 'base') this.#readBase(attributes)
    if (isSeen) this.#readLink(name, attributes, isTheirs ? this.#theirs : this.#own)
  }

  endTag(name: string): void {
    this.#byOthers.endTag(name)
    this.#hidden.endTag(name)
    for (const each of this.#sightings) {
      each.passage.endTag(name)
      dropEmpty(each)
    }
  }

  text(text: string): void {
    if (this.#own.passage.isComplete) this.#tokenizer.stop()
    if (this.#hidden.isInside) return
    for (const each of this.#sightings) {
      if (each.passage.isInLink && !each.isVisible) each.isVisible = cleanText(text) !== ''
      if (!each.passage.isComplete) each.passage.text(text)
    }
  }

  rawText(text: string, element: string): void {
    this.#title.rawText(text, element)
  }

  #readCanonical(attributes: readonly HtmlAttribute[]): void {
    if (this.#canonical !== undefined || !isCanonical(attributes)) return
    const { url, maxUrlLength } = this.#query
    const href = attributeOf(attributes, 'href') ?? ''
    this.#canonical = resolveUrl(href, this.#base ?? url, maxUrlLength) ?? undefined
  }

  #readBase(attributes: readonly HtmlAttribute[]): void {
    const href = attributeOf(attributes, 'href')
    if (this.#base !== undefined || href === undefined) return
    const { url, maxUrlLength } = this.#query
    this.#base = resolveUrl(href, url, maxUrlLength) ?? url
    this.#matches = createMatcher(this.#query, this.#base)
  }

  #readLink(name: string, attributes: readonly HtmlAttribute[], sighting: Sighting): void {
    if (sighting.link !== undefined) return
    const found = this.#matches(linkOf(name, attributes))
    if (found === null) return
    sighting.link = found
    sighting.isVisible = name === 'area'
    sighting.passage.link(name)
  }
}

function findingOf(own: Sighting, theirs: Sighting, pageTitle: string): Finding {
  const title = pageTitle && { title: pageTitle }
  const { link, passage } = own.link === undefined ? theirs : own
  if (link === undefined) return { outcome: 'not-linked', reason: { code: 'not-linked' }, ...title }
  const found = { outcome: 'linked', link, passage: passage.read(), ...title } as const
  if (own.link !== undefined) return { reason: { code: 'linked' }, ...found }
  return { reason: { code: 'user-content' }, isUserContent: true, ...found }
}

function isCanonical(attributes: readonly HtmlAttribute[]): boolean {
  return /(?:^|\s)canonical(?:\s|$)/i.test(attributeOf(attributes, 'rel') ?? '')
}

function linkOf(name: string, attributes: readonly HtmlAttribute[]): string | undefined {
  if (name === 'a' || name === 'area') return attributeOf(attributes, 'href')
  if (name === 'blockquote' || name === 'q') return attributeOf(attributes, 'cite')
  return undefined
}

/**
 * Makes a function that gives the URL of a link if it is one of the targets. What cannot be one is not resolved: a relative
 * link, unless the base has a target's host.
 */
function createMatcher({ targets, maxUrlLength }: LinkQuery, base: string): Matcher {
  const isAbroad = !targets.some(({ host }) => withoutWww(host) === withoutWww(toAddress(base)?.host ?? ''))
  return (reference) => {
    if (reference === undefined || (isAbroad && !/^\s*(?:https?:|[\\/]\s*[\\/])/i.test(reference)))
      return null
    const url = resolveUrl(reference, base, maxUrlLength)
    const address = url === null ? null : toAddress(url)
    return address && targets.some((target) => compareAddresses(address, target)) ? url : null
  }
}
