import type { Candidate, Discovery } from '../index.js'
import { urlArgument } from './arguments.js'
import { type Command, type Context, networkOptions } from './command.js'
import { withNetwork } from './network.js'
import type { Printer } from './printer.js'
import { bold, dim, green, red } from './style.js'

const places: Readonly<Record<Candidate['source'], string>> = {
  rdf: 'RDF in the page',
  link: '<link rel="trackback">',
  anchor: '<a rel="trackback">',
  header: 'the Link header',
  feed: 'the feed of the page',
}

/** `trackbacks discover`: which ping URL a page has. */
export const discover: Command = {
  name: 'discover',
  positionals: ['URL'],
  summary: 'find the ping URL of a page, and say why',
  about: [
    'Reads a page, and the feed it names, and lists every ping URL in it: where it was found, which post it belongs to, and how that post compares with the page. Exit status 1 where none is the answer.',
  ],
  options: networkOptions,
  json: [
    '{ pingUrl, candidates, page: { url, canonical?, charset, status? } }',
    'pingUrl: null where there is no answer',
    'candidates: [{ pingUrl, source, match, reason, identifier?, title? }]',
  ],
  examples: [
    'trackbacks discover https://blog.example/2026/hello',
    'trackbacks discover https://blog.example/hello --json | jq -r .pingUrl',
  ],
  async run({ given, out, signal }: Context) {
    const url = urlArgument(given.positionals[0], 'URL')
    const library = await import('../index.js')
    const discovery = await withNetwork(given, (client) => library.discover(url, { client, signal }))
    if (given.has('json')) out.json(discovery)
    else print(out, discovery)
    return discovery.pingUrl !== null
  },
}

function print(out: Printer, discovery: Discovery): void {
  const { pingUrl, candidates, page } = discovery
  if (pingUrl !== null) out.line(green('Ping URL'), '  ', bold(pingUrl))
  else out.text(`: ${whyNone(discovery)}`, { head: red('No ping URL') })
  if (candidates.length === 0) return
  out.line()
  const count = candidates.length === 1 ? '1 candidate' : `${candidates.length} candidates`
  out.line(`${count} in ${page.url}`, dim(` (${page.charset})`))
  for (const candidate of candidates) printCandidate(out, candidate, pingUrl)
}

function printCandidate(out: Printer, candidate: Candidate, answer: string | null): void {
  const { pingUrl, source, match, reason, identifier, title } = candidate
  out.line()
  out.line('  ', bold(pingUrl), ...(pingUrl === answer ? ['  ', green('<- the answer')] : []))
  out.text(places[source], { indent: 4, label: 'found in' })
  if (identifier !== undefined) out.text(identifier, { indent: 4, label: 'post' })
  if (title !== undefined) out.text(title, { indent: 4, label: 'title' })
  out.text(`${match} (${reason})`, { indent: 4, label: 'match' })
}

function whyNone({ candidates, page: { status } }: Discovery): string {
  if (status !== undefined) return `the page answers with HTTP ${status}`
  if (candidates.length === 0) return 'the page names none'
  const isForeign = candidates.every(({ match }) => match === 'other')
  return isForeign ? 'the page names ping URLs of other posts only' : 'it could be any of several posts'
}
