import { type Address, compareAddresses, pageKey, toAddress, type UrlMatch } from './identifier.js'

/** A ping URL that was found, and what it has to do with the page. */
export interface Candidate {
  /** An absolute http or https URL; as it is written where it is written absolute. */
  pingUrl: string
  /** The URL of the post it belongs to, where that is said. */
  identifier?: string
  /** The title of that post: plain, untrusted text. */
  title?: string
  /** Where it was found: embedded RDF, `<link>` or `<a>` with `rel=trackback`, the `Link` header, a feed. */
  source: 'rdf' | 'link' | 'anchor' | 'header' | 'feed'
  /**
   * How its post compares with the page: the same URL, the same by other rules, the same but for a fragment, not
   * said, another post.
   */
  match: UrlMatch['match'] | 'unnamed' | 'other'
  /** Why, in words. */
  reason: string
}

/** What is known of a candidate before it is compared: absolute URLs, or that its name is not the URL of a page. */
export type Found = Omit<Candidate, 'match' | 'reason'> & { readonly namesNoPage?: true }

/** The URLs that a page is known by; those added first count more. */
export class PageNames {
  readonly #names: { readonly name: string; readonly address: Address }[] = []

  constructor(requested: string, final: string, canonical?: string) {
    this.#add('requested URL', requested)
    if (final !== requested) this.#add('final URL', final)
    if (canonical !== undefined) this.#add('canonical URL', canonical)
  }

  /** Adds a URL, which takes over the fragment of the first one unless it has its own. */
  #add(name: string, url: string): void {
    const address = toAddress(url)
    if (!address) return
    const { fragment = '', plainFragment = '' } = this.#names[0]?.address ?? {}
    const text = `${address.text}${fragment}`
    const own = address.fragment === '' ? { ...address, text, fragment, plainFragment } : address
    if (!this.#names.some(({ address: { text } }) => text === own.text))
      this.#names.push({ name, address: own })
  }

  /** The best comparison of `url` with the page's URLs and its rank, 0 being the best; `null` where none is equal. */
  compare(url: string): (UrlMatch & { readonly rank: number }) | null {
    // Most pages name themselves by the URL that was asked for: nothing is better.
    const rank = this.#names.findIndex(({ address: { text } }) => text === url)
    if (rank >= 0) return { match: 'exact', reason: `${this.#names[rank]?.name}: the same URL`, rank }
    const address = toAddress(url)
    if (!address) return null
    const matches = this.#names.flatMap(({ name, address: own }, index) => {
      const found = compareAddresses(address, own)
      return found ? [{ ...found, reason: `${name}: ${found.reason}`, rank: RANK[found.match] + index }] : []
    })
    return matches.sort((a, b) => a.rank - b.rank)[0] ?? null
  }
}

interface Ranked {
  readonly candidate: Candidate
  readonly rank: number
}

const RANK = { exact: 0, equivalent: 10, fragment: 20 }
const NO_RANK = 100

/**
 * Compares what was found with the page's URLs and picks the answer: the first that names this page, exactly before
 * by other rules (PROTOCOL 47, 49); that names it but for a fragment, if no two posts do (48); RDF, if none of it names a
 * page and all agree (50); else `rel=trackback`, if all agree (67, 130). What names another page never answers (95).
 * `isFinal`: nothing later in the page could change the answer. In steps, each of which compares one candidate.
 */
export function* chooseAnswer(found: readonly Found[], names: PageNames) {
  const ranked: Ranked[] = []
  for (const one of found) {
    ranked.push(rank(one, names))
    yield
  }
  const candidates = withoutForeignAnchors(ranked.map(({ candidate }) => candidate))
  const named = ranked.filter(({ rank }) => rank < NO_RANK).sort((a, b) => a.rank - b.rank)
  const pingUrl = named[0] ? namedAnswer(named[0], named) : unnamedAnswer(candidates)
  return { pingUrl, isFinal: named[0]?.rank === 0, candidates }
}

function rank({ namesNoPage, ...found }: Found, names: PageNames): Ranked {
  const { identifier } = found
  if (identifier === undefined && !namesNoPage) {
    return { candidate: { ...found, match: 'unnamed', reason: 'names no page' }, rank: NO_RANK }
  }
  const match = identifier === undefined ? null : names.compare(identifier)
  if (!match) return { candidate: { ...found, match: 'other', reason: 'names another page' }, rank: NO_RANK }
  const { rank, ...why } = match
  return { candidate: { ...found, ...why }, rank: isRelation(found) ? NO_RANK : rank }
}

/** `rel=trackback` stands for the whole page, however it is written. */
function isRelation({ source }: Found): boolean {
  return source === 'link' || source === 'anchor' || source === 'header'
}

/** An `<a>` belongs to the post it stands in: where RDF gives its ping URL to another page, so does it. */
function withoutForeignAnchors(candidates: Candidate[]): Candidate[] {
  const blocks = candidates.filter(({ source, match }) => source === 'rdf' && match === 'other')
  if (blocks.length === 0) return candidates
  const foreign = new Set(blocks.map(({ pingUrl }) => pageKey(pingUrl)))
  return candidates.map((candidate) =>
    candidate.source === 'anchor' && foreign.has(pageKey(candidate.pingUrl))
      ? { ...candidate, match: 'other', reason: 'RDF gives its ping URL to another page' }
      : candidate,
  )
}

function namedAnswer(best: Ranked, named: readonly Ranked[]): string | null {
  const { pingUrl, match, identifier } = best.candidate
  const isUnique = match !== 'fragment' || named.every(({ candidate }) => candidate.identifier === identifier)
  return isUnique ? pingUrl : null
}

function unnamedAnswer(candidates: readonly Candidate[]): string | null {
  const blocks = candidates.filter(({ source }) => source === 'rdf')
  const relations = candidates.filter((candidate) => isRelation(candidate) && candidate.match !== 'other')
  const isUnnamed = blocks.every(({ match }) => match === 'unnamed')
  return (isUnnamed ? commonEndpoint(blocks) : null) ?? commonEndpoint(relations)
}

/** The first ping URL, if all are spellings of one (PROTOCOL 130). */
function commonEndpoint(candidates: readonly Candidate[]): string | null {
  const [first] = candidates
  if (!first) return null
  const key = pageKey(first.pingUrl)
  const isCommon = candidates.every(({ pingUrl }) => pingUrl === first.pingUrl || pageKey(pingUrl) === key)
  return isCommon ? first.pingUrl : null
}
