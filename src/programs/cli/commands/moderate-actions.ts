import { isIP } from 'node:net'
import type {
  Block,
  BlockSubject,
  Moderation,
  ModerationAction,
  Store,
  Trackback,
  TrackbackFilter,
  TrackbackState,
} from '../../../index.js'
import { isUrl } from '../terminal/arguments.js'
import type { Context } from '../terminal/command.js'
import { asUsage, UsageError } from '../terminal/failures.js'
import { bold, dim } from '../terminal/style.js'
import { printFacts, printTrackback, stateStyled, states, timeOf } from './trackback.js'

/** The options of `moderate`. */
export interface ModerateValues {
  readonly state?: TrackbackState
  readonly post?: string
  readonly limit: number
  readonly reason?: string
  readonly tablePrefix?: string
}

/** What an action of `moderate` works with. */
interface Work extends Context {
  readonly store: Store
  readonly moderation: Moderation
  /** What follows the action: ids, or what to block. */
  readonly operands: readonly string[]
  readonly options: ModerateValues
}

/** One thing that `moderate` does; resolves to `true` if everything was found. */
type Action = (work: Work) => Promise<boolean>

const deciding =
  (action: ModerationAction): Action =>
  (work) =>
    decide(work, action)

/** The actions of `moderate`: how each is written, what it does, and the function that does it. */
export const actions: readonly (readonly [usage: string, about: string, run: Action])[] = [
  ['list', 'list trackbacks, held ones first (default)', list],
  ['show ID...', 'show everything that is known about them', show],
  ['publish ID...', 'show them under their posts', deciding('publish')],
  ['hold ID...', 'unpublish them and hold them for a decision', deciding('hold')],
  ['reject ID...', 'reject them; repeats stay rejected', deciding('reject')],
  ['remove ID...', 'remove them; repeats stay removed', deciding('remove')],
  ['spam ID...', 'reject them as spam', deciding('spam')],
  ['not-spam ID...', 'mark them as not spam and publish them', deciding('notSpam')],
  ['undo ID...', 'undo your last decision on them', undo],
  [
    'block WHAT...',
    'refuse pings from a host and its subdomains, an IP address, or a page by its URL',
    block,
  ],
  ['unblock WHAT...', 'remove blocks', unblock],
  ['blocks', 'list the blocks', blocks],
]

const longestPage = 500

async function list({ options, out, store, operands, isJson }: Work): Promise<boolean> {
  if (operands.length > 0) throw new UsageError(`list takes no ids (Did you mean show ${operands[0]}?)`)
  const { state: wanted, post: postId, limit } = options
  const counts: Partial<Record<TrackbackState, number>> = {}
  const trackbacks: Trackback[] = []
  let total = 0
  for (const state of states) {
    const count = await store.count({ state, postId })
    if (count > 0) counts[state] = count
    if (wanted !== undefined && wanted !== state) continue
    total += count
    trackbacks.push(...(await newest(store, { state, postId }, limit - trackbacks.length)))
  }
  if (isJson) {
    out.json({ trackbacks, counts })
    return true
  }
  const parts = states.flatMap((state) =>
    counts[state] ? [', ', `${counts[state]} `, stateStyled(state)] : [],
  )
  out.line(...(parts.length === 0 ? ['No trackbacks.'] : parts.slice(1)))
  for (const trackback of trackbacks) printTrackback(out, trackback)
  if (trackbacks.length < total) {
    out.line()
    out.line(dim(`Only ${trackbacks.length} of ${total} are listed; --limit shows more.`))
  }
  return true
}

/** The newest trackbacks, at most `count`. */
async function newest(store: Store, filter: TrackbackFilter, count: number): Promise<Trackback[]> {
  const found: Trackback[] = []
  let after: string | undefined
  while (found.length < count) {
    const limit = Math.min(longestPage, count - found.length)
    const { items, next } = await store.list(filter, { order: 'newest', limit, after })
    found.push(...items)
    if (next === undefined) break
    after = next
  }
  return found
}

function show(work: Work): Promise<boolean> {
  const { store, out, operands } = work
  return forEachId(
    work,
    (id) => store.get(id),
    (trackback) => {
      if (trackback.id !== operands[0]) out.line()
      printFacts(out, trackback)
    },
  )
}

function undo(work: Work): Promise<boolean> {
  return decide(work, 'undo', 'no decision to undo for trackback')
}

function decide(work: Work, action: ModerationAction | 'undo', missing?: string): Promise<boolean> {
  const { moderation, options, out } = work
  return forEachId(
    work,
    (id) => moderation[action](id, options.reason),
    ({ id, state, title, url }) => out.line(`${id}  `, stateStyled(state), `  ${title || url}`),
    missing,
  )
}

/** Does one thing with each id; resolves to `true` if every id was found. */
async function forEachId(
  { operands, out, err, isJson }: Work,
  find: (id: string) => Promise<Trackback | null>,
  print: (trackback: Trackback) => void,
  whatIsMissing = 'no trackback',
): Promise<boolean> {
  if (operands.length === 0) throw new UsageError('missing id')
  const trackbacks: Trackback[] = []
  const missing: string[] = []
  for (const id of operands) {
    const trackback = await find(id)
    if (!trackback) missing.push(id)
    else trackbacks.push(trackback)
    if (trackback && !isJson) print(trackback)
  }
  if (isJson) out.json({ trackbacks, missing })
  for (const id of missing) err.text(`trackbacks moderate: ${whatIsMissing} ${id}`)
  return missing.length === 0
}

async function block({ operands, moderation, options, out, isJson }: Work): Promise<boolean> {
  const added: Block[] = []
  for (const { subject } of subjectsOf(operands)) added.push(await moderation.block(subject, options.reason))
  if (isJson) out.json({ blocks: added, missing: [] })
  else for (const each of added) out.line('Blocked: ', bold(`${each.kind} ${each.value}`))
  return true
}

async function unblock({ operands, moderation, out, err, isJson }: Work): Promise<boolean> {
  const missing: string[] = []
  for (const { text, subject } of subjectsOf(operands)) {
    if (!(await moderation.unblock(subject))) missing.push(text)
    else if (!isJson) out.line('No longer blocked: ', bold(text))
  }
  if (isJson) out.json({ blocks: await moderation.blocks(), missing })
  for (const text of missing) err.text(`trackbacks moderate: ${text} is not blocked`)
  return missing.length === 0
}

async function blocks({ moderation, out, operands, isJson }: Work): Promise<boolean> {
  if (operands.length > 0)
    throw new UsageError(`blocks takes no arguments (Did you mean block ${operands[0]}?)`)
  const all = await moderation.blocks()
  if (isJson) out.json({ blocks: all, missing: [] })
  else if (all.length === 0) out.line('Nothing is blocked.')
  else
    for (const { kind, value, reason, at, user } of all) {
      out.line(`${kind.padEnd(9)}`, bold(value))
      out.text(`since ${timeOf(at)}${user ? ` by ${user}` : ''}${reason && `: ${reason}`}`, {
        indent: 9,
        style: 'dim',
      })
    }
  return true
}

/** Recognises each by its form: a URL is a source, an IP address a client, anything else a host. */
function subjectsOf(operands: readonly string[]): { text: string; subject: BlockSubject }[] {
  if (operands.length === 0) throw new UsageError('missing host, IP address or URL')
  return operands.map((text) => ({ text, subject: asUsage(() => subjectOf(text)) }))
}

function subjectOf(text: string): BlockSubject {
  if (isIP(text) !== 0) return { kind: 'address', value: text }
  if (/^https?:\/\//i.test(text) && isUrl(text)) return { kind: 'source', value: text }
  // A number would be read as an IPv4 address, but is more likely the id of a trackback.
  if (/^\d+$/.test(text) || /[\s/:@]/.test(text) || !isUrl(`http://${text.replace(/^\*?\./, '')}/`))
    throw new UsageError(`'${text}' is not a host, IP address or URL`)
  return { kind: 'host', value: text }
}
