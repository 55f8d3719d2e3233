import { toPlainText } from '../../text/plain.js'
import type { FoundTrackback } from './found.js'

/**
 * The trackbacks in an export of Movable Type, TypePad and those who write as they do: the `PING:` sections of the entries.
 * Dates have no zone there: `offset` says which it was, such as `+09:00`. Never throws.
 */
export function parseMovableType(text: string, offset = 'Z'): FoundTrackback[] {
  const entries = text.split(/^-{8}[ \t]*\r?$/m)
  return entries.flatMap((entry) => {
    const [head = '', ...sections] = entry.split(/^-{5}[ \t]*\r?$/m)
    const [fields] = fieldsOf(head)
    const title = toPlainText(fields.get('TITLE') ?? '')
    const post = { id: fields.get('BASENAME') ?? '', url: fields.get('UNIQUE URL') ?? '', title }
    const pings = sections.filter((section) => /^\s*PING:/.test(section))
    return pings.map((section, index) => {
      const [ping, excerpt] = fieldsOf(
        section.replace(/^\s*PING:[^\n]*\n/, ''),
        /^(TITLE|URL|IP|BLOG NAME|DATE):(.*)$/,
      )
      const trackback = {
        ...{ url: ping.get('URL') ?? '', title: ping.get('TITLE'), blogName: ping.get('BLOG NAME'), excerpt },
        receivedAt: isoDate(ping.get('DATE') ?? '', offset),
        clientIp: ping.get('IP') || null,
      }
      return { post, trackback, where: `ping ${index + 1} of '${title}'` }
    })
  })
}

/** The fields at the beginning of a section, and what follows them. */
function fieldsOf(
  section: string,
  field = /^([A-Z][A-Z ]*):(.*)$/,
): [fields: Map<string, string>, rest: string] {
  const fields = new Map<string, string>()
  const lines = section.trimStart().split(/\r?\n/)
  let read = 0
  for (const line of lines) {
    const [, name, value = ''] = field.exec(line) ?? []
    if (name === undefined || fields.has(name)) break
    fields.set(name, value.trim())
    read += 1
  }
  return [fields, lines.slice(read).join('\n').trim()]
}

/** `01/31/2002 03:31:05 PM`, or with 24 hours; any other date stays as it is. */
function isoDate(date: string, offset: string): string {
  const [, month, day, year, hours = '', rest, half] =
    /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d)(:\d\d:\d\d)(?: ([AP])M)?$/i.exec(date) ?? []
  if (year === undefined) return date
  const hour = half ? (Number(hours) % 12) + (half.toUpperCase() === 'P' ? 12 : 0) : Number(hours)
  return `${year}-${month}-${day} ${String(hour).padStart(2, '0')}${rest}${offset}`
}
