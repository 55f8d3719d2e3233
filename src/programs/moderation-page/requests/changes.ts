import { randomBytes } from 'node:crypto'
import { canonicalHost } from '../../../protocol/url.js'
import { type Block, type BlockSubject, nameOfBlock, parseBlock } from '../../../receive/policy/blocks.js'
import type { RecordStore, Trackback } from '../../../store/store.js'
import type { Command, ItemAction } from './command.js'
import { renewFeed } from './feeds.js'
import { affectedBy } from './listing.js'
import type { Scope } from './scope.js'

/** What a form did: what is said about it afterwards, and what it takes to undo it. */
export interface Change {
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

/** A change as it is kept for the page that follows, which shows it to the same user only. */
interface KeptChange extends Change {
  readonly user: string
}

/** Does what forms ask for, and remembers for an hour what it was. */
export interface Changes {
  /** Resolves to the key under which the change is remembered. */
  make(command: Command, user: string, scope: Scope): Promise<string>
  /** What was done under a key; `null` where this user did nothing, or it is too long ago. */
  find(key: string, user: string): Promise<Change | null>
}

const changeKind = 'moderation-change'
const lifetime = 3_600_000
/** How many trackbacks of one form are changed at the same time. */
const atOnce = 100
const none: Change = {
  did: 'nothing',
  place: 0,
  count: 0,
  missing: 0,
  decisions: [],
  blocked: [],
  unblocked: [],
  spared: [],
}

/** Makes the changes that forms ask for. */
export function createChanges(records: RecordStore, now: () => number): Changes {
  async function find(key: string, user: string): Promise<Change | null> {
    const record = await records.get(changeKind, key)
    const kept = record && (JSON.parse(record.value) as KeptChange)
    return kept?.user === user ? kept : null
  }

  /** Takes a change back, once. */
  async function undo(key: string, user: string, receiver: Scope): Promise<Change> {
    const change = await find(key, user)
    return change && (await records.remove(changeKind, key)) ? takeBack(change, user, receiver) : none
  }

  return {
    find,
    async make(command, user, scope) {
      if (command.do === 'feed') await renewFeed(user, scope, now())
      const change = command.do === 'undo' ? undo(command.key, user, scope) : make(command, user, scope)
      const kept: KeptChange = { ...(await change), user }
      const key = randomBytes(12).toString('base64url')
      await records.put(changeKind, key, JSON.stringify(kept), 0, now() + lifetime)
      return key
    },
  }
}

async function make(
  command: Exclude<Command, { do: 'undo' }>,
  user: string,
  receiver: Scope,
): Promise<Change> {
  if (command.do === 'none') return none
  if (command.do === 'feed') return { ...none, did: 'feed' }
  if (command.do === 'decide') return decide(command, user, receiver)
  if (command.do === 'retry') {
    const delivery = await receiver.sender?.retry(command.postId, command.target)
    return { ...none, did: 'retry', count: delivery?.state === 'waiting' ? 1 : 0 }
  }
  const { moderation } = receiver
  const { subject, note } = command
  try {
    if (command.do === 'unblock') return await unblock(subject, moderation)
    return await block(subject, note, user, moderation)
  } catch (error) {
    // What cannot be blocked is a mistake in the form, and more blocks than there may be are one too.
    if (error instanceof TypeError || error instanceof RangeError) return { ...none, did: 'no-block' }
    throw error
  }
}

async function decide(
  { action, ids, note }: Extract<Command, { do: 'decide' }>,
  user: string,
  receiver: Scope,
): Promise<Change> {
  if (ids.length === 0) return none
  const { moderation, store } = receiver
  const decision = action === 'block' ? 'spam' : action
  const before = new Map(
    await Promise.all(ids.map(async (id) => [id, (await store.get(id))?.revision] as const)),
  )
  const found = await whatWasDone(ids, (id) => moderation[decision](id, note || undefined, user), receiver)
  const hosts = action === 'block' ? await blockHosts(found, note, user, receiver) : {}
  // What was decided so already was not changed, and an undo of this form is not to take that back.
  const changed = found.filter(({ id, revision }) => revision !== before.get(id))
  const decisions = changed.map(({ id, history }) => [id, history.at(-1)?.at ?? 0] as const)
  const missing = ids.length - found.length
  return { ...none, did: action, place: placeOf(found), count: found.length, missing, decisions, ...hosts }
}

function placeOf(trackbacks: readonly Trackback[]): number {
  return trackbacks[0]?.receivedAt ?? 0
}

/**
 * The trackbacks of those changes that were made: they stand, and can be undone, though others of the same form failed.
 * Throws where none could be made.
 */
async function whatWasDone<Item>(
  items: readonly Item[],
  change: (item: Item) => Promise<Trackback | null>,
  { report }: Scope,
): Promise<Trackback[]> {
  const settled: PromiseSettledResult<Trackback | null>[] = []
  for (let at = 0; at < items.length; at += atOnce)
    settled.push(...(await Promise.allSettled(items.slice(at, at + atOnce).map(change))))
  const errors = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  if (errors.length > 0 && errors.length === settled.length) throw errors[0]
  for (const error of errors) report(error)
  return settled.flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value] : []))
}

/**
 * Blocks the hosts that are not blocked yet, one after the other, as far as there is room for more blocks. A host from
 * which readers see trackbacks, or that is a public suffix, may carry many blogs: it is left for the form of blocks.
 */
async function blockHosts(
  trackbacks: readonly Trackback[],
  note: string,
  user: string,
  { moderation, report, store }: Scope,
): Promise<Pick<Change, 'blocked' | 'spared'>> {
  const known = new Set((await moderation.blocks()).map(nameOfBlock))
  const blocked: Block[] = []
  const spared: string[] = []
  try {
    for (const value of new Set(trackbacks.map(({ url }) => canonicalHost(new URL(url))))) {
      const subject = { kind: 'host', value } as const
      if (known.has(nameOfBlock(subject))) continue
      const isShared = typeof (await parseBlock(subject)) === 'string'
      if (isShared || (await affectedBy(subject, store, 'published')).states.published) spared.push(value)
      else blocked.push(await moderation.block(subject, note || undefined, user))
    }
  } catch (error) {
    // What was decided stands, and can be undone.
    report(error)
  }
  return { blocked, spared }
}

async function block(
  subject: BlockSubject,
  note: string,
  user: string,
  moderation: Scope['moderation'],
): Promise<Change> {
  const before = await moderation.blocks()
  const added = await moderation.block(subject, note || undefined, user)
  // To undo a block that stands in place of an older one is to have the older one again.
  const replaced = before.filter((each) => nameOfBlock(each) === nameOfBlock(added))
  const blocked = replaced.length > 0 ? [] : [added]
  return { ...none, did: 'add-block', count: 1, blocked, unblocked: replaced }
}

async function unblock(subject: BlockSubject, moderation: Scope['moderation']): Promise<Change> {
  const before = await moderation.blocks()
  if (!(await moderation.unblock(subject))) return { ...none, did: 'unblock', missing: 1 }
  const unblocked = before.filter((each) => nameOfBlock(each) === nameOfBlock(subject))
  return { ...none, did: 'unblock', count: 1, unblocked }
}

/** Takes back what a change did, but what somebody has decided since. */
async function takeBack(change: Change, user: string, receiver: Scope): Promise<Change> {
  const { moderation } = receiver
  const undone = await whatWasDone(
    change.decisions,
    ([id, at]) => moderation.undo(id, undefined, user, at),
    receiver,
  )
  for (const each of change.blocked) await moderation.unblock(each)
  // An earlier release may have had a block that is refused today: the rest is undone anyway.
  for (const each of change.unblocked)
    await moderation.block(each, each.reason, each.user).catch(receiver.report)
  const missing = change.decisions.length - undone.length
  return { ...none, did: 'undo', place: placeOf(undone), count: undone.length, missing }
}
