import { urlArgument } from './arguments.js'
import { type Command, type Context, networkOptions } from './command.js'
import { CommandError } from './failures.js'
import { withNetwork } from './network.js'
import type { Printer } from './printer.js'
import { bold } from './style.js'

type PingList = NonNullable<Awaited<ReturnType<typeof import('../index.js')['fetchPings']>>>

/** `trackbacks pings`: the trackbacks that another server gives. */
export const pings: Command = {
  name: 'pings',
  positionals: ['PING-URL'],
  summary: 'list the trackbacks that a server gives for a post',
  about: [
    'Asks for the list behind a ping URL (__mode=rss). Movable Type, TypePad and servers of this library have one; most others have none. Exit status 1 where there is no list.',
  ],
  options: networkOptions,
  json: ['{ title?, url?, items: [{ url, title?, excerpt? }] }'],
  examples: ['trackbacks pings https://other.example/mt-tb.cgi/5'],
  async run({ given, out, signal }: Context) {
    const pingUrl = urlArgument(given.positionals[0], 'PING-URL')
    const { fetchPings } = await import('../index.js')
    const list = await withNetwork(given, (client) => fetchPings(pingUrl, { client, signal }))
    if (list === null) throw new CommandError(`${pingUrl} gives no list of trackbacks`)
    if (given.has('json')) out.json(list)
    else print(out, list)
    return true
  },
}

function print(out: Printer, { title, url, items }: PingList): void {
  const count = items.length === 1 ? '1 trackback' : `${items.length || 'No'} trackbacks`
  out.text(title === undefined ? count : `${count} of ${title}`, { style: 'bold' })
  if (url !== undefined) out.line(url)
  for (const item of items) {
    out.line()
    if (item.title !== undefined) out.text(item.title, { indent: 2, style: 'bold' })
    out.line('  ', item.title === undefined ? bold(item.url) : item.url)
    if (item.excerpt !== undefined) out.text(item.excerpt, { indent: 4 })
  }
}
