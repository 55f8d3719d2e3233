/** The vocabularies that TrackBack documents use. */
export type Vocabulary = 'rdf' | 'dc' | 'trackback' | 'atom' | 'rss'

/** The namespace URI of the TrackBack module for RSS (PROTOCOL 71). */
export const TRACKBACK_NAMESPACE = 'http://madskills.com/public/xml/rss/module/trackback/'
/** The namespace URI of RDF. */
export const RDF_NAMESPACE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
/** The namespace URI of the Dublin Core elements. */
export const DC_NAMESPACE = 'http://purl.org/dc/elements/1.1/'

const VOCABULARIES: ReadonlyMap<string, Vocabulary> = new Map([
  [simplify(RDF_NAMESPACE), 'rdf'],
  [simplify(DC_NAMESPACE), 'dc'],
  [simplify(TRACKBACK_NAMESPACE), 'trackback'],
  ['purl.org/dc/terms', 'dc'],
  ['www.w3.org/2005/atom', 'atom'],
  ['purl.org/atom/ns', 'atom'],
  ['purl.org/rss/1.0', 'rss'],
  ['my.netscape.com/rdf/simple/0.9', 'rss'],
  ['backend.userland.com/rss2', 'rss'],
])

/** The declarations in force at one place: prefixes in lower case (`''` for the default) and what they stand for. */
export interface Namespaces {
  readonly own: ReadonlyMap<string, Vocabulary | null>
  readonly outer: Namespaces | null
}

const CONVENTIONAL: ReadonlyMap<string, Vocabulary> = new Map(
  (['rdf', 'dc', 'trackback'] as const).map((prefix) => [prefix, prefix]),
)

/** No declarations. */
export const NO_NAMESPACES: Namespaces = { own: CONVENTIONAL, outer: null }

/** The attributes of an element, by their qualified names. */
export type Attributes = Iterable<readonly [name: string, value: string]>

/** `outer` and the `xmlns` declarations among `attributes`; `outer` itself where there are none. */
export function withDeclarations(outer: Namespaces, attributes: Attributes): Namespaces {
  let own: Map<string, Vocabulary | null> | undefined
  for (const [name, uri] of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue
    own ??= new Map()
    const prefix = name.slice('xmlns:'.length)
    const known = uri.trim() === '' ? CONVENTIONAL.get(prefix) : VOCABULARIES.get(simplify(uri.trim()))
    own.set(prefix, known ?? null)
  }
  return own ? { own, outer } : outer
}

/** A name taken apart: its prefix (`''` for none), the rest in lower case, and what vocabulary it belongs to. */
export type ResolvedName = Readonly<ReturnType<typeof resolveName>>

/**
 * What a qualified name means. A declared namespace decides; where there is none, the conventional prefixes `rdf`,
 * `dc` and `trackback` count (PROTOCOL 97). The URIs are compared without regard to case and final slash, which some
 * producers get wrong.
 */
export function resolveName(name: string, namespaces: Namespaces) {
  const colon = name.indexOf(':')
  const prefix = colon < 0 ? '' : name.slice(0, colon).toLowerCase()
  let scope: Namespaces | null = namespaces
  while (scope && !scope.own.has(prefix)) scope = scope.outer
  return { prefix, local: name.slice(colon + 1).toLowerCase(), vocabulary: scope?.own.get(prefix) ?? null }
}

/** The value of an attribute of RDF, with its prefix or without any. */
export function rdfAttribute(
  attributes: Attributes,
  wanted: string,
  namespaces: Namespaces,
): string | undefined {
  for (const [name, value] of attributes) {
    const { prefix, local, vocabulary } = resolveName(name, namespaces)
    if (local === wanted && (prefix === '' || vocabulary === 'rdf')) return value
  }
  return undefined
}

function simplify(uri: string): string {
  return uri
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/#]$/, '')
}
