import type { Verification } from '../index.js'
import { urlArgument } from './arguments.js'
import { type Command, type Context, networkOptions } from './command.js'
import { withAdvice } from './failures.js'
import { withNetwork } from './network.js'
import type { Printer } from './printer.js'
import { green, red, type Styled, yellow } from './style.js'

const headlines: Readonly<Record<Verification['outcome'], Styled>> = {
  linked: green('Linked'),
  'not-linked': red('Not linked'),
  gone: red('Gone'),
  unreachable: yellow('Unreachable'),
  blocked: red('Blocked'),
}

/** `trackbacks verify`: whether a page links to another. */
export const verify: Command = {
  name: 'verify',
  positionals: ['SOURCE', 'TARGET'],
  summary: 'see whether a page links to another',
  about: [
    'Fetches the page SOURCE and looks for a link to TARGET, as a receiver does before it shows a trackback. Links in scripts and HTML comments do not count. Where the only ones are in comments by readers, in a list of trackbacks, or marked rel=ugc, the page is linked, but a receiver leaves the trackback to the author. Exit status 0 where the link is there, 1 otherwise.',
  ],
  options: {
    alias: { value: 'URL', isMany: true, about: 'another URL of the target, which counts as well' },
    ...networkOptions,
  },
  json: [
    '{ outcome, reason, finalUrl?, status?, title?, link?, isByOthers?, passage?,',
    '  code? }',
    "outcome: 'linked', 'not-linked', 'gone', 'unreachable' or 'blocked'",
  ],
  examples: ['trackbacks verify https://other.example/their-post https://my.blog/hello'],
  async run({ given, out, signal }: Context) {
    const source = urlArgument(given.positionals[0], 'SOURCE')
    const target = urlArgument(given.positionals[1], 'TARGET')
    const aliases = given.all('alias').map((alias) => urlArgument(alias, '--alias'))
    const { verifySource } = await import('../index.js')
    const verification = await withNetwork(given, (client) =>
      verifySource(source, target, { client, aliases, signal }),
    )
    if (given.has('json')) out.json(verification)
    else print(out, verification, source, target)
    return verification.outcome === 'linked'
  },
}

function print(out: Printer, verification: Verification, source: string, target: string): void {
  const { outcome, reason, code, finalUrl, title, link } = verification
  out.text(`: ${withAdvice(reason, code)}`, { head: headlines[outcome] })
  out.text(source, { indent: 2, label: 'source' })
  if (finalUrl !== undefined && finalUrl !== source) out.text(finalUrl, { indent: 2, label: 'leads to' })
  out.text(target, { indent: 2, label: 'target' })
  if (title !== undefined) out.text(title, { indent: 2, label: 'title' })
  if (link !== undefined) out.text(link, { indent: 2, label: 'link' })
}
