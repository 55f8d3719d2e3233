import type { Verification } from '../../../index.js'
import { each, webUrl } from '../terminal/arguments.js'
import type { CommandDefinition } from '../terminal/command.js'
import { withAdvice } from '../terminal/failures.js'
import { green, red, type Styled, yellow } from '../terminal/printer.js'

const headlines: Readonly<Record<Verification['outcome'], Styled>> = {
  linked: green('Linked'),
  'not-linked': red('Not linked'),
  gone: red('Gone'),
  unreachable: yellow('Unreachable'),
  blocked: red('Blocked'),
}

/** `trackbacks verify`: whether a page links to another. */
export const verify: CommandDefinition<[source: string, target: string]> = {
  name: 'verify',
  declare(command) {
    command.argument('<source>', 'the page that should have the link', webUrl)
    command.argument('<target>', 'the page that should be linked', webUrl)
    const alias = 'another URL of the target that counts as well (repeatable)'
    command.option('--alias <url>', alias, each(webUrl))
  },
  async run({ library, client, signal, show }, [source, target], { alias: aliases }) {
    const verification = await library.verifySource(source, target, { client, aliases, signal })
    show(verification, (out, { outcome, reason, finalUrl, title, link }) => {
      out.line(headlines[outcome], `: ${withAdvice(reason)}`)
      out.rows({ source, 'final URL': finalUrl === source ? null : finalUrl, target, title, link })
    })
    return verification.outcome === 'linked'
  },
}
