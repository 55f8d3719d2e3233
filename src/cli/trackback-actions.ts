import type { ModerationAction, Store, Trackback } from '../index.js'
import { type TrackbackState, trackbackStates } from '../store/store.js'
import type { Action, Work } from './action.js'
import { meant } from './arguments.js'
import { UsageError } from './failures.js'
import { dim } from './style.js'
import { printFacts, printTrackback, stateStyled } from './trackback.js'

/** How many trackbacks are listed, unless told. */
export const usualLimit = 50
const longestPage = 500

/** The actions of `moderate` on trackbacks. */
export const trackbackActions: Readonly<Record<string, Action>> = {
  list,
  show,
  publish: (work) => decide(work, 'publish'),
  hold: (work) => decide(work, 'hold'),
  reject: (work) => decide(work, 'reject'),
  remove: (work) => decide(work, 'remove'),
  spam: (work) => decide(work, 'spam'),
  'not-spam': (work) => decide(work, 'notSpam'),
  undo: (work) => decide(work, 'undo', 'no decision to undo on'),
}

async function list({ given, out, store, operands }: Work): Promise<boolean> {
  if (operands.length > 0) throw new UsageError(`list takes no ids; did you mean show ${operands[0]}?`)
  const state = stateOption(given.text('state'))
  const filter = { state, postId: given.text('post') }
  const limit = given.integer('limit', usualLimit)
  const trackbacks: Trackback[] = []
  let after: string | undefined
  do {
    const size = Math.min(longestPage, limit - trackbacks.length)
    const page = await store.list(filter, { order: 'newest', limit: size, after })
    trackbacks.push(...page.items)
    after = page.next
  } while (after !== undefined && trackbacks.length < limit)
  const counts = await countStates(store, filter.postId)
  if (given.has('json')) {
    out.json({ trackbacks, counts })
    return true
  }
  const parts = Object.entries(counts).flatMap(([name, count]) => [
    ', ',
    `${count} `,
    stateStyled(name as TrackbackState),
  ])
  if (parts.length === 0) out.line('No trackbacks.')
  else out.line(...parts.slice(1))
  for (const trackback of trackbacks) printTrackback(out, trackback)
  if (after !== undefined) {
    out.line()
    out.line(dim(`Only the newest ${limit} are listed; --limit shows more.`))
  }
  return true
}

/** How many there are in each state that any is in. */
async function countStates(
  store: Store,
  postId: string | undefined,
): Promise<Partial<Record<TrackbackState, number>>> {
  const counts: Partial<Record<TrackbackState, number>> = {}
  for (const state of trackbackStates) {
    const count = await store.count({ state, postId })
    if (count > 0) counts[state] = count
  }
  return counts
}

function stateOption(text: string | undefined): TrackbackState | undefined {
  const state = trackbackStates.find((each) => each === text)
  if (text === undefined || state !== undefined) return state
  throw new UsageError(`there is no state '${text}'${meant(text, trackbackStates)}`)
}

function show(work: Work): Promise<boolean> {
  const { store, out } = work
  let isFirst = true
  return forEachId(
    work,
    (id) => store.get(id),
    (trackback) => {
      if (!isFirst) out.line()
      isFirst = false
      printFacts(out, trackback)
    },
  )
}

function decide(work: Work, action: ModerationAction | 'undo', missing?: string): Promise<boolean> {
  const { moderation, given, out } = work
  return forEachId(
    work,
    (id) => moderation[action](id, given.text('reason')),
    (trackback) => {
      out.line(`${trackback.id}  `, stateStyled(trackback.state), `  ${trackback.title || trackback.url}`)
    },
    missing,
  )
}

/** Does one thing with each id; resolves to whether all of them were there. */
async function forEachId(
  { operands, given, out, err }: Work,
  find: (id: string) => Promise<Trackback | null>,
  print: (trackback: Trackback) => void,
  whatIsMissing = 'no trackback',
): Promise<boolean> {
  if (operands.length === 0) throw new UsageError('ID is missing')
  const trackbacks: Trackback[] = []
  const missing: string[] = []
  for (const id of operands) {
    const trackback = await find(id)
    if (!trackback) missing.push(id)
    else trackbacks.push(trackback)
    if (trackback && !given.has('json')) print(trackback)
  }
  if (given.has('json')) out.json({ trackbacks, missing })
  for (const id of missing) err.text(`trackbacks moderate: there is ${whatIsMissing} ${id}`)
  return missing.length === 0
}
