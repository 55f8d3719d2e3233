import { optionCheck } from '../../base/options.js'
import { type AkismetOptions, akismet } from './akismet.js'
import { type BlockedOptions, blocked } from './blocked.js'
import type { Check } from './check.js'
import { type RepeatedTextOptions, repeatedText, type UrlCountOptions, urlCount } from './content.js'
import { type DnsListOptions, dnsList } from './dns-list.js'
import { type KnownHostOptions, knownHost } from './known-host.js'
import { claimMatchesPage, linkVerified, topPage } from './source.js'

/** Options of `defaultChecks`. */
export interface ChecksOptions {
  /** Words, hosts and addresses the author does not want. @default none */
  readonly blocked?: BlockedOptions | undefined
  /** How many URLs a text may hold. @default few from 3, many from 10, half of the excerpt */
  readonly urls?: UrlCountOptions | undefined
  /** When a text is a repeated one. @default few from 4, many from 10, within 30 days */
  readonly repeated?: RepeatedTextOptions | undefined
  /** When a source's host is known. @default 7 days after it was first published */
  readonly known?: KnownHostOptions | undefined
  /** Lists to ask by DNS, which tells others who pings this blog. @default none */
  readonly dnsLists?: DnsListOptions | undefined
  /** Akismet, or a service like it, which is sent everything a trackback says. @default none */
  readonly akismet?: AkismetOptions | undefined
}

const checkOptions = optionCheck('defaultChecks', { object: 'blocked urls repeated known dnsLists akismet' })
const checkParts = {
  blocked: optionCheck('blocked', { list: 'words hosts addresses' }),
  urls: optionCheck('urls', { any: 'few many share' }),
  repeated: optionCheck('repeated', { any: 'few many minLength days' }),
  known: optionCheck('known', { any: 'days' }),
  dnsLists: optionCheck('dnsLists', { list: 'hostZones addressZones', function: 'resolve4', any: 'timeout' }),
  akismet: optionCheck('akismet', { object: 'client', any: 'key blog lang endpoint' }),
}

/**
 * The checks that are built in. Those that tell others anything are there only where they are asked for. All that
 * speaks for a trackback, taken together, does not outweigh one score of -10. Throws a `TypeError` for invalid options.
 *
 * ```ts
 * const checks = [...defaultChecks({ blocked: { hosts: ['casino.example'] } }), friends]
 * ```
 */
export function defaultChecks(options: ChecksOptions = {}): readonly Check[] {
  checkOptions(options)
  for (const [name, check] of Object.entries(checkParts)) check(options[name as keyof ChecksOptions])
  return [
    ...[linkVerified, claimMatchesPage, topPage],
    urlCount(options.urls),
    blocked(options.blocked),
    repeatedText(options.repeated),
    knownHost(options.known),
    ...(options.dnsLists ? [dnsList(options.dnsLists)] : []),
    ...(options.akismet ? [akismet(options.akismet)] : []),
  ]
}
