import { toPlainText } from '../../text/plain.js'
import type { FoundTrackback } from './found.js'

/**
 * The trackbacks in an export of Movable Type, TypePad and those who write as they do: the `PING:` sections of the entries.
 * Dates have no zone there: `offset` says which it was, such as `+09:00`. Never throws.
 */
export function parseMovableType(text: string, offset = 'Z'): FoundTrackback[] {
  const entries = text.replace(/\r\n?/g, '\n').split(/^-{8}[ \t]*$/m)
  return entries.flatMap((entry) => {
    const [head = '', ...sections] = entry.split(/^-{5}[ \t]*$/m)
    const title = toPlainText(fieldOf('TITLE', head))
    const post = { id: fieldOf('BASENAME', head), url: fieldOf('UNIQUE URL', head), title }
    const pings = sections.filter((section) => /^\s*PING:/.test(section))
    return pings.map((section, index) => {
      const [ping, excerpt] = fieldsOf(section.replace(/^\s*PING:[^\n]*\n/, ''))
      const trackback = {
        ...{ url: ping.get('URL') ?? '', title: ping.get('TITLE'), blogName: ping.get('BLOG NAME'), excerpt },
        receivedAt: isoDate(ping.get('DATE') ?? '', offset),
        clientIp: ping.get('IP') || null,
      }
      return { post, trackback, where: `ping ${index + 1} of '${title}'` }
    })
  })
}

/** A field of an entry: the first of its name. They come in any order, some more than once, and other lines may stand between. */
function fieldOf(name: string, head: string): string {
  return (new RegExp(`^[ \\t]*${name}:([^\\n]*)`, 'm').exec(head)?.[1] ?? '').trim()
}

/** The fields at the beginning of a ping, each of them once, and the excerpt that follows them. */
function fieldsOf(ping: string): [fields: Map<string, string>, excerpt: string] {
  const fields = new Map<string, string>()
  const lines = ping.trimStart().split('\n')
  for (const line of lines) {
    const [, name, value = ''] = /^(TITLE|URL|IP|BLOG NAME|DATE):(.*)$/s.exec(line) ?? []
    if (name === undefined || fields.has(name)) break
    fields.set(name, value.trim())
  }
  return [fields, lines.slice(fields.size).join('\n').trim()]
}

/** `01/31/2002 03:31:05 PM`, or with 24 hours; any other date stays as it is. */
function isoDate(date: string, offset: string): string {
  const [, month = '', day = '', year, hours = '', rest, half] =
    /^(\d\d?)\/(\d\d?)\/(\d{4}) (\d\d?)(:\d\d:\d\d)(?: ([AP])M)?$/i.exec(date) ?? []
  if (year === undefined) return date
  const hour = half ? (Number(hours) % 12) + (half.toUpperCase() === 'P' ? 12 : 0) : hours
  const two = (value: string | number): string => String(value).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)} ${two(hour)}${rest}${offset}`
}
