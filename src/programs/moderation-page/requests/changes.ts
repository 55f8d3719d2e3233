import { randomBytes } from 'node:crypto'
import { canonicalHost } from '../../../protocol/url.js'
import { type Block, type BlockSubject, nameOfBlock, parseBlock } from '../../../receive/policy/blocks.js'
import { createJsonRecords } from '../../../store/records.js'
import type { RecordStore } from '../../../store/store.js'
import { cutText } from '../../../text/excerpt.js'
import { cleanText } from '../../../text/plain.js'
import { affectedBy } from './block-check.js'
import { idsOf } from './listing.js'
import type { ListRoute } from './routes.js'
import { mostCounted, type Scope } from './scope.js'
import { renewFeed } from './tokens.js'

/** What is done to trackbacks: what the author decides, and `block`, which is `spam` and a block of the host. */
export const itemActions = ['publish', 'notSpam', 'hold', 'reject', 'remove', 'spam', 'block'] as const

/** One of these. */
export type ItemAction = (typeof itemActions)[number]

/** What a form did: what is said about it afterwards, and what it takes to undo it. */
export interface Change {
  /** Under which the change is kept for an hour, to be shown to the same user, and undone. */
  readonly key: string
  /** Who made it. */
  readonly user: string
  readonly did: ItemAction | 'undo' | 'add-block' | 'unblock' | 'no-block' | 'retry' | 'feed' | 'nothing'
  /** When the first of the trackbacks was received, so that what was done is said where it was; 0 without one. */
  readonly place: number
  /** How many trackbacks or blocks it was about. */
  readonly count: number
  /** How many were no longer there, or had been changed by somebody else since. */
  readonly missing: number
  /** The decisions, each with its time in the history. */
  readonly decisions: readonly (readonly [id: string, at: number])[]
  readonly blocked: readonly Block[]
  readonly unblocked: readonly Block[]
  /** Hosts that were not blocked with the rest, because a block would affect others. */
  readonly spared: readonly string[]
}

/** A form, the list that it was on, and who sent it. */
interface SentForm {
  readonly form: URLSearchParams
  readonly list: ListRoute | null
  readonly scope: Scope
  readonly now: number
}

/** Does what a button asks for; `about` is what its value says beside its name. `null` for what no button of ours says. */
type Action = (about: string, sent: SentForm) => Promise<Partial<Change> | null>

type Decision = ReturnType<Scope['decide']>
type Decided = NonNullable<Awaited<Decision>>

const lifetime = 3_600_000
/** How many trackbacks of one form are changed at the same time. */
const atOnce = 100
/** How many trackbacks one form may name. */
const mostIds = 100
const longestNote = 200
const nothing: Change = {
  ...{ key: '', user: '', did: 'nothing', place: 0, count: 0, missing: 0 },
  ...{ decisions: [], blocked: [], unblocked: [], spared: [] },
}

const kept = 'moderation-change'
const changesIn = (records: RecordStore) => createJsonRecords<Change>(records, kept)

/** What a user did under a key; `null` where it was nothing, somebody else, or too long ago. */
export async function findChange(key: string, { user, records }: Scope): Promise<Change | null> {
  const change = (await changesIn(records).read(key))?.value
  return change?.user === user ? change : null
}

/**
 * Does what the button asks for that was pressed. Its value is an action, alone for the trackbacks that are ticked, or with
 * what it is about: `spam`, `spam:12`, `spam:*150` for the 150 of the list, `undo:KEY`, `unblock:host:a.example`,
 * `retry:post=7&target=https://a.example/`, percent-encoded. Resolves to the key under which it is remembered, or to `null` for
 * what no button of ours says.
 */
export async function makeChange(sent: SentForm): Promise<string | null> {
  const { form, scope, now } = sent
  const [did = '', ...about] = (form.get('do') ?? '').split(':')
  const act = Object.hasOwn(actions, did) ? actions[did as Change['did']] : undefined
  const done = await act?.(about.join(':'), sent)
  if (!done) return null
  const key = randomBytes(12).toString('base64url')
  const change = { ...nothing, did: did as Change['did'], ...done, key, user: scope.user }
  await changesIn(scope.records).write(key, change, 0, now + lifetime)
  return key
}

const actions: Readonly<Partial<Record<Change['did'], Action>>> = {
  nothing: async () => nothing,
  ...Object.fromEntries(itemActions.map((action) => [action, deciding(action)])),
  undo,
  'add-block': blocking(async (subject, before, { form, scope }) => {
    const added = await scope.block(subject, noteOf(form))
    // To undo a block that stands in place of an older one is to have the older one again.
    const unblocked = named(before, added)
    return { count: 1, blocked: unblocked.length > 0 ? [] : [added], unblocked }
  }),
  unblock: blocking(async (subject, before, { scope }) =>
    (await scope.unblock(subject)) ? { count: 1, unblocked: named(before, subject) } : {},
  ),
  async retry(about, { scope }) {
    const asked = new URLSearchParams(about)
    const delivery = await scope.sender?.retry(asked.get('post') ?? '', asked.get('target') ?? '')
    return { count: delivery?.state === 'waiting' ? 1 : 0 }
  },
  async feed(_, { scope, now }) {
    await renewFeed(scope, now)
    return {}
  },
}

function noteOf(form: URLSearchParams): string | undefined {
  return cutText(cleanText(form.get('note') ?? ''), longestNote) || undefined
}

/** An action on the trackbacks that its button names, that are ticked, or that are in the list. */
function deciding(action: ItemAction): Action {
  return async (about, { form, list, scope }) => {
    const all = Number(/^\*(\d{1,4})$/.exec(about)?.[1] ?? 0)
    const named = about === '' ? [...new Set(form.getAll('id'))] : [about]
    if (named.length > mostIds || all > mostCounted || (all > 0 && action === 'block')) return null
    const ids = all > 0 ? list && (await idsOf(list, all, scope)) : named
    if (!ids || ids.length === 0) return nothing
    const note = noteOf(form)
    const decision = action === 'block' ? 'spam' : action
    const { decided, outcome } = await decideEach(ids, (id) => scope.decide(decision, id, note), scope)
    // What was decided so already was not changed, and an undo of this form is not to take that back.
    const changed = decided.flatMap(({ before, after }) => (after.revision === before.revision ? [] : after))
    const decisions = changed.map(({ id, history }) => [id, history.at(-1)?.at ?? 0] as const)
    const hosts = action === 'block' ? await blockHosts(decided, note, scope) : {}
    return { ...outcome, decisions, ...hosts }
  }
}

/**
 * Decides on each of some trackbacks. The decisions that were made stand, and can be undone, though others of the same form
 * failed. Throws where none could be made.
 */
async function decideEach<T>(items: readonly T[], decide: (item: T) => Decision, { report }: Scope) {
  const decided: Decided[] = []
  const errors: unknown[] = []
  for (let at = 0; at < items.length; at += atOnce) {
    const some = items.slice(at, at + atOnce)
    const made = some.map((item) => decide(item).catch((error: unknown) => void errors.push(error)))
    decided.push(...(await Promise.all(made)).flatMap((each) => each ?? []))
  }
  if (errors.length > 0 && errors.length === items.length) throw errors[0]
  for (const error of errors) report(error)
  const count = decided.length
  const outcome = { place: decided[0]?.after.receivedAt ?? 0, count, missing: items.length - count }
  return { decided, outcome }
}

/**
 * Blocks the hosts that are not blocked yet, one after the other, as far as there is room for more blocks. A host from
 * which readers see trackbacks, or that is a public suffix, may carry many blogs: it is left for the form of blocks.
 */
async function blockHosts(decided: readonly Decided[], note: string | undefined, scope: Scope) {
  const known = new Set((await scope.blocks()).map(nameOfBlock))
  const blocked: Block[] = []
  const spared: string[] = []
  try {
    for (const value of new Set(decided.map(({ after }) => canonicalHost(new URL(after.url))))) {
      const subject = { kind: 'host', value } as const
      if (known.has(nameOfBlock(subject))) continue
      const isShared = typeof (await parseBlock(subject)) === 'string'
      if (isShared || (await affectedBy(subject, scope, 'published'))?.states.published) spared.push(value)
      else blocked.push(await scope.block(subject, note))
    }
  } catch (error) {
    // What was decided stands, and can be undone.
    scope.report(error)
  }
  return { blocked, spared }
}

/** The blocks of a subject among some. */
function named(blocks: readonly Block[], subject: BlockSubject): Block[] {
  return blocks.filter((block) => nameOfBlock(block) === nameOfBlock(subject))
}

/** An action on a block, which its button names; `change` is also given the blocks before it. */
function blocking(
  change: (subject: BlockSubject, before: readonly Block[], sent: SentForm) => Promise<Partial<Change>>,
): Action {
  return async (about, sent) => {
    const [, kind, value = ''] = /^(source|host|address):(.*)$/s.exec(about) ?? []
    if (kind === undefined) return null
    try {
      return await change({ kind: kind as BlockSubject['kind'], value }, await sent.scope.blocks(), sent)
    } catch (error) {
      // What cannot be blocked is a mistake in the form, and more blocks than there may be are one too.
      if (error instanceof TypeError || error instanceof RangeError) return { did: 'no-block' }
      throw error
    }
  }
}

/** Takes back what a change did, once, but not what somebody has decided since. */
async function undo(key: string, { scope }: SentForm): Promise<Partial<Change> | null> {
  if (key === '') return null
  const change = await findChange(key, scope)
  if (!change || !(await scope.records.remove(kept, key))) return nothing
  const { outcome } = await decideEach(change.decisions, ([id, at]) => scope.undo(id, at), scope)
  for (const each of change.blocked) await scope.unblock(each)
  // An earlier release may have had a block that is refused today: the rest is undone anyway.
  for (const each of change.unblocked) await scope.block(each, each.reason, each.user).catch(scope.report)
  return outcome
}
