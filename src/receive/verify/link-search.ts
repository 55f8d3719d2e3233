import { inTurns } from '../../base/waiting.js'
import { type Address, compareAddresses, toAddress } from '../../discover/identifier.js'
import { resolveUrl, serverOf, withoutWww } from '../../protocol/url.js'
import { decodeText, type HtmlAttributes, type HtmlHandler, tokenizeInSlices } from '../../text/html.js'
import { ElementNames } from '../../text/markup.js'
import { createTitleReader } from '../../text/title.js'
import { createEnclosure, isHidden, isUserContent } from '../../text/user-content.js'
import type { Verification } from '../checks/check.js'
import { FoundLink, Lead } from './passage.js'

const canonical = /(?:^|\s)canonical(?:\s|$)/i

/** What a page says about the link that is looked for. */
export type Finding = Omit<Verification, 'finalUrl' | 'status' | 'code'>

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
export async function findLink(query: LinkQuery): Promise<Finding> {
  // Most of what a search costs is the text and the enclosures around a link.
  const scout = await read(new LinkScout(query))
  return (scout.isDone ? await read(new LinkSearch(query, scout.links)) : scout).finding()
}

async function read<T extends PageReader>(reader: T): Promise<T> {
  await inTurns(tokenizeInSlices(reader.query.html, reader))
  return reader
}

type Matcher = (reference: string | undefined) => string | null

/** Elements that link, with the attribute that does. */
const LINKS = new Map([
  ['a', 'href'],
  ['area', 'href'],
  ['blockquote', 'cite'],
  ['q', 'cite'],
])
const WANTED = new ElementNames([...LINKS.keys(), 'base', 'link', 'meta', 'title'])

/** Reads what a page says about itself: its title, `<base>` and `rel=canonical`. */
abstract class PageReader implements HtmlHandler {
  readonly #title = createTitleReader()
  #base: string | undefined
  #canonical: string | undefined
  protected matches: Matcher
  /** How many start tags that may link were read. */
  links = 0

  constructor(readonly query: LinkQuery) {
    this.matches = createMatcher(query, query.url)
  }

  startTag(name: string, attributes: HtmlAttributes, selfClosing: boolean): void {
    if (LINKS.has(name)) this.links += 1
    this.#title.startTag(name, attributes, selfClosing)
    if (name !== 'link' && name !== 'base') return
    const { url, maxUrlLength } = this.query
    const href = attributes.get('href')
    if (name === 'link' && this.#canonical === undefined && canonical.test(attributes.get('rel') ?? ''))
      this.#canonical = resolveUrl(href ?? '', this.#base ?? url, maxUrlLength) ?? undefined
    if (name === 'base' && this.#base === undefined && href !== undefined) {
      this.#base = resolveUrl(href, url, maxUrlLength) ?? url
      this.matches = createMatcher(this.query, this.#base)
    }
  }

  rawText(text: string, element: string): void {
    this.#title.rawText(text, element)
  }

  finding(): Finding {
    const canonicalUrl = this.#canonical
    const isOnHost =
      canonicalUrl !== undefined && serverOf(new URL(canonicalUrl)) === serverOf(new URL(this.query.url))
    const title = this.#title.read()
    const found = { ...(title && { title }), ...(isOnHost && { canonicalUrl }) }
    return { outcome: 'not-linked', reason: { code: 'not-linked' }, ...found }
  }
}

/** Reads as far as the first link that matches, wherever it stands. */
class LinkScout extends PageReader {
  readonly only = WANTED
  isDone = false

  override startTag(name: string, attributes: HtmlAttributes, selfClosing: boolean): void {
    super.startTag(name, attributes, selfClosing)
    this.isDone = this.matches(linkOf(name, attributes)) !== null
  }
}

/** Finds the link that counts. What its author links counts before what others wrote there. */
class LinkSearch extends PageReader {
  readonly #userContent = createEnclosure(isUserContent)
  readonly #hidden = createEnclosure(isHidden)
  readonly #lead = new Lead()
  isDone = false
  /** The author's link at 0, that of others at 1. */
  readonly #links: (FoundLink | undefined)[] = [undefined, undefined]

  /** `firstMatch`: which of the start tags that may link is the first that matches. */
  constructor(
    query: LinkQuery,
    private readonly firstMatch: number,
  ) {
    super(query)
  }

  override startTag(name: string, attributes: HtmlAttributes, selfClosing: boolean): void {
    // A base that follows the link says nothing of it.
    if (name !== 'base' || !this.#links[0]) super.startTag(name, attributes, selfClosing)
    const index = Number(this.#userContent.startTag(name, attributes))
    const isSeen = !this.#hidden.startTag(name, attributes)
    this.#lead.tag(name, false)
    this.#follow((link) => link.startTag(name, isSeen))
    if (this.links < this.firstMatch || !isSeen || this.#links[0] || this.#links[index]) return
    const url = this.matches(linkOf(name, attributes))
    if (url !== null) this.#links[index] = new FoundLink(url, name, this.#lead.read())
  }

  endTag(name: string): void {
    this.#userContent.endTag(name)
    this.#hidden.endTag(name)
    this.#lead.tag(name, true)
    this.#follow((link) => link.endTag(name))
  }

  sourceText(source: string): void {
    this.isDone = this.#links[0]?.isComplete === true
    if (this.isDone || this.#hidden.isInside) return
    this.#lead.text(source)
    if (this.#links.every((link) => link === undefined)) return
    const text = decodeText(source)
    for (const link of this.#links) link?.text(text)
  }

  override finding(): Finding {
    // What was not closed ends with the page.
    const [own, theirs] = this.#links.map((link) => (link?.isVisible ? link : undefined))
    const link = own ?? theirs
    const found = super.finding()
    if (!link) return found
    const isLinked = { ...found, outcome: 'linked', link: link.url, passage: link.read() } as const
    if (own) return { ...isLinked, reason: { code: 'linked' } }
    return { ...isLinked, reason: { code: 'user-content' }, isUserContent: true }
  }

  /** Tells the links of a tag, and forgets one that ended with nothing in it to see or click. */
  #follow(tell: (link: FoundLink) => void): void {
    for (const [index, link] of this.#links.entries()) {
      if (!link) continue
      tell(link)
      if (!link.isVisible && !link.isInLink) this.#links[index] = undefined
    }
  }
}

function linkOf(name: string, attributes: HtmlAttributes): string | undefined {
  const attribute = LINKS.get(name)
  return attribute && attributes.get(attribute)
}

/** An absolute link, or one that leaves out the scheme; with its host, as it is written. */
const absolute = /^\s*(?:https?:|[\\/]\s*[\\/])[\\/\s]*([^\\/?#]*)/i
/** Written with these characters alone a host stands in its link letter by letter, unless it is an IP address. */
const plainHost = /^[!-$&-~]*$/
const ipAddress = /^(?:\[.*|[\d.]+)$/

/**
 * Makes a function that gives the URL of a link if it is one of the targets. What cannot be one is not resolved: on a page of
 * another host, relative links and links to further hosts.
 */
function createMatcher({ targets, maxUrlLength }: LinkQuery, base: string): Matcher {
  const hosts = targets.map(({ host }) => withoutWww(host))
  const isAbroad = !hosts.includes(withoutWww(toAddress(base)?.host ?? ''))
  const isNamed = !hosts.some((host) => ipAddress.test(host))
  const cannotMatch = (reference: string): boolean => {
    const host = absolute.exec(reference)?.[1]?.toLowerCase()
    if (host === undefined) return true
    return isNamed && plainHost.test(host) && !hosts.some((each) => host.includes(each))
  }
  return (reference) => {
    if (reference === undefined || (isAbroad && cannotMatch(reference))) return null
    const url = resolveUrl(reference, base, maxUrlLength)
    const address = url === null ? null : toAddress(url)
    return address && targets.some((target) => compareAddresses(address, target)) ? url : null
  }
}
