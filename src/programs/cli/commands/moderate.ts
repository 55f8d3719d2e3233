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
import { isUrl, wholeNumber } from '../terminal/arguments.js'
import type { CommandDefinition, Context } from '../terminal/command.js'
import { UsageError } from '../terminal/failures.js'
import { bold, dim } from '../terminal/printer.js'
import { openModeration, openStore, type TableValues, tablePrefixOption } from '../terminal/store.js'
import { printFacts, printTrackback, stateStyled, states, timeOf } from './trackback.js'

interface ModerateValues extends TableValues {
  readonly state?: TrackbackState
  readonly post?: string
  readonly limit: number
  readonly reason?: string
}

/** What an action works with. */
interface Work extends Context {
  readonly store: Store
  readonly moderation: Moderation
  /** What follows the action: ids, or what to block. */
  readonly operands: readonly string[]
  readonly options: ModerateValues
}

/** One thing that `moderate` does; resolves to `true` if everything was found. */
type Action = (work: Work) => Promise<boolean>

const whatToBlock = 'a host and its subdomains, an IP address, or a page by its URL'

/** How each action is written, what it does, and the function that does it. */
const actions: readonly (readonly [usage: string, about: string, run: Action])[] = [
  ['list', 'list trackbacks, held ones first (default)', list],
  ['show ID...', 'show everything that is known about them', show],
  ['publish ID...', 'show them under their posts', decide('publish')],
  ['hold ID...', 'unpublish them and hold them for a decision', decide('hold')],
  ['reject ID...', 'reject them; repeats stay rejected', decide('reject')],
  ['remove ID...', 'remove them; repeats stay removed', decide('remove')],
  ['spam ID...', 'reject them as spam', decide('spam')],
  ['not-spam ID...', 'mark them as not spam and publish them', decide('notSpam')],
  ['undo ID...', 'undo your last decision on them', decide('undo', 'no decision to undo for trackback')],
  ['block WHAT...', `refuse pings from ${whatToBlock}`, block],
  ['unblock WHAT...', 'remove blocks', unblock],
  ['blocks', 'list the blocks', blocks],
]

/** `trackbacks moderate`: the trackbacks in a SQLite file, and decisions on them. */
export const moderate: CommandDefinition<
  [path: string, action: string, operands: readonly string[]],
  ModerateValues
> = {
  name: 'moderate',
  summary: 'moderate the trackbacks in a SQLite file',
  about: [
    'The file is one that openSqlite made; the blog may have it open at the same time. Decisions stay: a removed trackback does not come back when it is sent again.',
    'Exit status 1 if an id or a block is not found. A spam service of your blog, such as Akismet, is not notified.',
  ],
  actions,
  json: [
    'list: { trackbacks: [{ id, postId, url, title, state, … }], counts }',
    'show and decisions: { trackbacks: [{ id, … }], missing: [id] }',
    'block, unblock, blocks: { blocks: [{ kind, value, reason, at }], missing }',
    'Times are in milliseconds since 1970.',
  ],
  examples: [
    'trackbacks moderate trackbacks.db',
    'trackbacks moderate trackbacks.db list --state held --post 7',
    'trackbacks moderate trackbacks.db publish 12 15',
    'trackbacks moderate trackbacks.db block casino.example 192.0.2.7',
  ],
  isOffline: true,
  declare(command) {
    const action = command.createArgument('[action]', 'what to do').default('list', 'list')
    command.argument('<db>', 'the SQLite file')
    command.addArgument(action)
    command.argument('[what...]', 'ids of trackbacks, or what to block')
    command.addOption(command.createOption('--state <state>', 'list only these').choices(states))
    command.option('--post <id>', 'list only those of this post')
    command.option('--limit <n>', 'list at most this many', wholeNumber(1), 50)
    command.option('--reason <text>', 'note for the history')
    command.option(...tablePrefixOption)
  },
  async run(context, [path, name, operands], options) {
    const names = actions.map(([usage]) => usage.split(' ', 1)[0])
    const action = actions[names.indexOf(name)]?.[2]
    if (!action) throw new UsageError(`unknown action '${name}' (Allowed choices are ${names.join(', ')}.)`)
    const store = await openStore(context, path, { ...options, mustExist: true })
    return action({ ...context, store, moderation: openModeration(context, store), operands, options })
  },
}

async function list({ options, store, operands, show }: Work): Promise<boolean> {
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
  show({ trackbacks, counts }, (out) => {
    const parts = states.flatMap((state) =>
      counts[state] ? [', ', `${counts[state]} `, stateStyled(state)] : [],
    )
    out.line(...(parts.length === 0 ? ['No trackbacks.'] : parts.slice(1)))
    for (const trackback of trackbacks) printTrackback(out, trackback)
    if (trackbacks.length === total) return
    out.line()
    out.line(dim(`Only ${trackbacks.length} of ${total} are listed; --limit shows more.`))
  })
  return true
}

/** The newest trackbacks, at most `count`. */
async function newest(store: Store, filter: TrackbackFilter, count: number): Promise<Trackback[]> {
  const found: Trackback[] = []
  let after: string | undefined
  while (found.length < count) {
    const { items, next } = await store.list(filter, { order: 'newest', limit: count - found.length, after })
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

function decide(action: ModerationAction | 'undo', whatIsMissing?: string): Action {
  return (work) =>
    forEachId(
      work,
      (id) => work.moderation[action](id, work.options.reason),
      ({ id, state, title, url }) => work.out.line(`${id}  `, stateStyled(state), `  ${title || url}`),
      whatIsMissing,
    )
}

/** Does one thing with each id; resolves to `true` if every id was found. */
async function forEachId(
  work: Work,
  find: (id: string) => Promise<Trackback | null>,
  print: (trackback: Trackback) => void,
  whatIsMissing = 'no trackback',
): Promise<boolean> {
  const { operands, isJson } = work
  if (operands.length === 0) throw new UsageError('missing id')
  const trackbacks: Trackback[] = []
  const missing: string[] = []
  for (const id of operands) {
    const trackback = await find(id)
    if (!trackback) missing.push(id)
    else trackbacks.push(trackback)
    if (trackback && !isJson) print(trackback)
  }
  return conclude(work, { trackbacks, missing }, (id) => `${whatIsMissing} ${id}`)
}

/** Writes the JSON that was asked for, and says what is missing; returns whether nothing is. */
function conclude(
  { isJson, out, warn }: Work,
  result: { readonly missing: readonly string[]; readonly [list: string]: unknown },
  trouble: (what: string) => string,
): boolean {
  if (isJson) out.json(result)
  for (const what of result.missing) warn(trouble(what))
  return result.missing.length === 0
}

async function block({ operands, moderation, options, show }: Work): Promise<boolean> {
  const added: Block[] = []
  for (const { subject } of subjectsOf(operands)) added.push(await moderation.block(subject, options.reason))
  show({ blocks: added, missing: [] }, (out) => {
    for (const { kind, value } of added) out.line('Blocked: ', bold(`${kind} ${value}`))
  })
  return true
}

async function unblock(work: Work): Promise<boolean> {
  const { operands, moderation, out, isJson } = work
  const missing: string[] = []
  for (const { text, subject } of subjectsOf(operands)) {
    if (!(await moderation.unblock(subject))) missing.push(text)
    else if (!isJson) out.line('No longer blocked: ', bold(text))
  }
  return conclude(work, { blocks: await moderation.blocks(), missing }, (text) => `${text} is not blocked`)
}

async function blocks({ moderation, operands, show }: Work): Promise<boolean> {
  if (operands.length > 0)
    throw new UsageError(`blocks takes no arguments (Did you mean block ${operands[0]}?)`)
  show({ blocks: await moderation.blocks(), missing: [] }, (out, { blocks: all }) => {
    if (all.length === 0) out.line('Nothing is blocked.')
    for (const { kind, value, reason, at, user } of all) {
      out.line(kind.padEnd(9), bold(value))
      const since = `since ${timeOf(at)}${user ? ` by ${user}` : ''}${reason && `: ${reason}`}`
      out.line(' '.repeat(9), dim(since))
    }
  })
  return true
}

/** Recognises each by its form: a URL is a source, an IP address a client, anything else a host. */
function subjectsOf(operands: readonly string[]): { text: string; subject: BlockSubject }[] {
  if (operands.length === 0) throw new UsageError('missing host, IP address or URL')
  return operands.map((text) => ({ text, subject: subjectOf(text) }))
}

function subjectOf(value: string): BlockSubject {
  if (isIP(value) !== 0) return { kind: 'address', value }
  if (/^https?:\/\//i.test(value) && isUrl(value)) return { kind: 'source', value }
  // A number would be read as an IPv4 address, but is more likely the id of a trackback.
  if (/^\d+$/.test(value) || /[\s/:@]/.test(value) || !isUrl(`http://${value.replace(/^\*?\./, '')}/`))
    throw new UsageError(`'${value}' is not a host, IP address or URL`)
  return { kind: 'host', value }
}
