import { isIP } from 'node:net'
import type {
  BlockSubject,
  Moderation,
  ModerationAction,
  Store,
  Trackback,
  TrackbackState,
} from '../../../index.js'
import { trackbacksIn } from '../../exchange/json-lines.js'
import { wholeNumber } from '../terminal/arguments.js'
import type { CommandDefinition, Context, OptionsWith } from '../terminal/command.js'
import { bold, dim } from '../terminal/printer.js'
import { openModeration, openStore } from '../terminal/store.js'
import { printFacts, printTrackback, stateStyled, states, timeOf } from './trackback.js'

/** What an action works with. */
interface Work extends Context {
  readonly store: Store
  readonly moderation: Moderation
  /** What follows the action: ids, or what to block. */
  readonly operands: readonly string[]
  readonly options: OptionsWith<'limit'>
}

/** One thing that `moderate` does; resolves to `true` if everything was found. */
type Action = (work: Work) => Promise<boolean>

const whatToBlock = 'a host and its subdomains, an IP address or range, or a page by its URL'

/** What follows each action, what it does, and the function that does it. */
const actions: Readonly<
  Record<string, readonly [operand: '' | 'ID...' | 'WHAT...', about: string, run: Action]>
> = {
  list: ['', 'list trackbacks, held ones first (default)', list],
  show: ['ID...', 'show everything that is known about them', show],
  publish: ['ID...', 'show them under their posts', decide('publish')],
  hold: ['ID...', 'unpublish them and hold them for a decision', decide('hold')],
  reject: ['ID...', 'reject them; repeats stay rejected', decide('reject')],
  remove: ['ID...', 'remove them; repeats stay removed', decide('remove')],
  spam: ['ID...', 'reject them as spam', decide('spam')],
  'not-spam': ['ID...', 'mark them as not spam and publish them', decide('notSpam')],
  undo: ['ID...', 'undo your last decision on them', decide('undo', 'no decision to undo for trackback')],
  block: ['WHAT...', `refuse pings from ${whatToBlock}`, block],
  unblock: ['WHAT...', 'remove blocks', unblock],
  blocks: ['', 'list the blocks', blocks],
}

/** `trackbacks moderate`: the trackbacks in a SQLite file, and decisions on them. */
export const moderate: CommandDefinition<
  [path: string, action: string, operands: readonly string[]],
  'limit'
> = {
  name: 'moderate',
  actions: Object.entries(actions).map(([name, [operand, about]]) => [`${name} ${operand}`.trim(), about]),
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
  },
  async run(context, [path, name, operands], options) {
    const [, action] = Object.entries(actions).find(([each]) => each === name) ?? []
    const choices = Object.keys(actions).join(', ')
    if (!action) throw new TypeError(`unknown action '${name}' (Allowed choices are ${choices}.)`)
    const [operand, , act] = action
    const [first] = operands
    if (operand !== '' && first === undefined)
      throw new TypeError(`missing ${operand === 'ID...' ? 'id' : 'host, IP address or URL'}`)
    if (operand === '' && first !== undefined)
      throw new TypeError(
        `${name} takes no arguments (Did you mean ${name === 'list' ? 'show' : 'block'} ${first}?)`,
      )
    const store = await openStore(context, path, { ...options, mustExist: true })
    return act({ ...context, store, moderation: openModeration(context, store), operands, options })
  },
}

async function list({ options, store, show }: Work): Promise<boolean> {
  const { state: wanted, post: postId, limit } = options
  const counts: Partial<Record<TrackbackState, number>> = {}
  const trackbacks: Trackback[] = []
  let total = 0
  for (const state of states) {
    const count = await store.count({ state, postId })
    if (count > 0) counts[state] = count
    if (wanted !== undefined && wanted !== state) continue
    total += count
    for await (const trackback of trackbacksIn(store, { state, postId }, 'newest')) {
      if (trackbacks.length === limit) break
      trackbacks.push(trackback)
    }
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

async function blocks({ moderation, show }: Work): Promise<boolean> {
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

function show(work: Work): Promise<boolean> {
  return forEach(
    work,
    (id) => work.store.get(id),
    (trackback, isFirst) => {
      if (!isFirst) work.out.line()
      printFacts(work.out, trackback)
    },
  )
}

function decide(action: ModerationAction | 'undo', whatIsMissing?: string): Action {
  return (work) =>
    forEach(
      work,
      (id) => work.moderation[action](id, work.options.reason),
      ({ id, state, title, url }) => work.out.line(`${id}  `, stateStyled(state), `  ${title || url}`),
      (id) => `${whatIsMissing ?? 'no trackback'} ${id}`,
    )
}

function block(work: Work): Promise<boolean> {
  return forEach(
    work,
    (text) => work.moderation.block(subjectOf(text), work.options.reason),
    ({ kind, value }) => work.out.line('Blocked: ', bold(`${kind} ${value}`)),
    () => '',
    async (added) => ({ blocks: added }),
  )
}

function unblock(work: Work): Promise<boolean> {
  return forEach(
    work,
    async (text) => ((await work.moderation.unblock(subjectOf(text))) ? text : null),
    (text) => work.out.line('No longer blocked: ', bold(text)),
    (text) => `${text} is not blocked`,
    async () => ({ blocks: await work.moderation.blocks() }),
  )
}

/** Does one thing with each operand; resolves to whether every one was found, and says which were not. */
async function forEach<T>(
  { operands, isJson, out, warn }: Work,
  act: (operand: string) => Promise<T | null>,
  print: (result: T, isFirst: boolean) => void,
  trouble = (id: string): string => `no trackback ${id}`,
  toJson = async (found: readonly T[]): Promise<object> => ({ trackbacks: found }),
): Promise<boolean> {
  const found: T[] = []
  const missing: string[] = []
  for (const operand of operands) {
    const result = await act(operand)
    if (result === null) missing.push(operand)
    else if (found.push(result) > 0 && !isJson) print(result, found.length === 1)
  }
  if (isJson) out.json({ ...(await toJson(found)), missing })
  for (const operand of missing) warn(trouble(operand))
  return missing.length === 0
}

/** Recognises each by its form; what it cannot be, the library says. */
function subjectOf(value: string): BlockSubject {
  // A number would be read as an IPv4 address, but is more likely the id of a trackback.
  const isAddress = isIP(value.replace(/\/\d+$/, '')) !== 0 || /^\d+$/.test(value)
  return { kind: isAddress ? 'address' : /^https?:\/\//i.test(value) ? 'source' : 'host', value }
}
