import type { Candidate, Discovery } from '../../../index.js'
import { webUrl } from '../terminal/arguments.js'
import type { CommandDefinition } from '../terminal/command.js'
import { bold, dim, green, type Printer, red } from '../terminal/printer.js'

const places: Readonly<Record<Candidate['source'], string>> = {
  rdf: 'RDF in the page',
  link: '<link rel="trackback">',
  anchor: '<a rel="trackback">',
  header: 'the Link header',
  feed: 'the feed of the page',
}

/** `trackbacks discover`: which ping URL a page has. */
export const discover: CommandDefinition<[url: string]> = {
  name: 'discover',
  declare: (command) => command.argument('<url>', 'the page', webUrl),
  async run({ library, client, signal, show }, [url]) {
    const discovery = await library.discover(url, { client, signal })
    show(discovery, print)
    return discovery.pingUrl !== null
  },
}

function print(out: Printer, discovery: Discovery): void {
  const { pingUrl, candidates, page } = discovery
  if (pingUrl !== null) out.line(green('Ping URL'), '  ', bold(pingUrl))
  else out.line(red('No ping URL'), `: ${whyNone(discovery)}`)
  if (candidates.length === 0) return
  out.line()
  const count = candidates.length === 1 ? '1 candidate' : `${candidates.length} candidates`
  out.line(`${count} in ${page.url}`, dim(` (${page.charset})`))
  for (const { source, match, reason, identifier, title, ...candidate } of candidates) {
    out.line()
    out.line('  ', bold(candidate.pingUrl), candidate.pingUrl === pingUrl ? green('  <- selected') : '')
    out.rows({ 'found in': places[source], post: identifier, title, match: `${match} (${reason})` }, 4)
  }
}

function whyNone({ candidates, page: { status } }: Discovery): string {
  if (status !== undefined) return `the page answers with HTTP ${status}`
  if (candidates.length === 0) return 'the page has no ping URL'
  const isForeign = candidates.every(({ match }) => match === 'other')
  return isForeign ? 'the page has only ping URLs of other posts' : 'ambiguous: the page has several posts'
}
