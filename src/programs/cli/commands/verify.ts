import type { Verification } from '../../../index.js'
import { addNetworkOptions, each, type NetworkValues, webUrl, withNetwork } from '../terminal/arguments.js'
import type { CommandDefinition } from '../terminal/command.js'
import { withAdvice } from '../terminal/failures.js'
import type { Printer } from '../terminal/printer.js'
import { green, red, type Styled, yellow } from '../terminal/style.js'

const headlines: Readonly<Record<Verification['outcome'], Styled>> = {
  linked: green('Linked'),
  'not-linked': red('Not linked'),
  gone: red('Gone'),
  unreachable: yellow('Unreachable'),
  blocked: red('Blocked'),
}

/** `trackbacks verify`: whether a page links to another. */
export const verify: CommandDefinition<
  [source: string, target: string],
  NetworkValues & { readonly alias?: readonly string[] }
> = {
  name: 'verify',
  summary: 'check whether a page links to another',
  about: [
    'Fetches the page SOURCE and looks for a link to TARGET, as a receiver does before it publishes a trackback. Links in scripts and HTML comments do not count. If the only links are in comments by readers, in a list of trackbacks, or marked rel=ugc, the page is linked, but a receiver holds the trackback for the author. Exit status 0 if there is a link, otherwise 1.',
  ],
  json: [
    '{ outcome, reason, finalUrl?, status?, title?, link?, isUserContent?, passage?, code? }',
    "outcome: 'linked', 'not-linked', 'gone', 'unreachable' or 'blocked'",
  ],
  examples: ['trackbacks verify https://other.example/their-post https://my.blog/hello'],
  declare(command) {
    command.argument('<source>', 'the page that should have the link', webUrl)
    command.argument('<target>', 'the page that should be linked', webUrl)
    command.option(
      '--alias <url>',
      'another URL of the target that counts as well (repeatable)',
      each(webUrl),
    )
    addNetworkOptions(command)
  },
  async run({ out, signal, isJson }, [source, target], options) {
    const { verifySource } = await import('../../../index.js')
    const verification = await withNetwork(options, (client) =>
      verifySource(source, target, { client, aliases: options.alias, signal }),
    )
    if (isJson) out.json(verification)
    else print(out, verification, source, target)
    return verification.outcome === 'linked'
  },
}

function print(out: Printer, verification: Verification, source: string, target: string): void {
  const { outcome, reason, finalUrl, title, link } = verification
  out.text(`: ${withAdvice(reason)}`, { head: headlines[outcome] })
  out.rows({ source, 'redirects to': finalUrl === source ? null : finalUrl, target, title, link })
}
