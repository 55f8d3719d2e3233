import { randomBytes } from 'node:crypto'
import { canonicalHost } from '../../../protocol/url.js'
import type { Block, BlockSubject } from '../../../receive/options/context.js'
import { nameOfBlock } from '../../../receive/policy/blocks.js'
import type { RecordStore, Trackback } from '../../../store/store.js'
import type { Command, ItemAction } from './command.js'
import type { Scope } from './scope.js'

/** What a form did: what is said about it afterwards, and what it takes to undo it. */
export interface Change {
  readonly did: ItemAction | 'undo' | 'add-block' | 'unblock' | 'no-block' | 'nothing'
  /** How many trackbacks or blocks it was about. */
  readonly count: number
  /** How many were no longer there, or had been changed by somebody else since. */
  readonly missing: number
  /** The decisions, each with its time in the history. */
  readonly decisions: readonly (readonly [id: string, at: number])[]
  readonly blocked: readonly Block[]
  readonly unblocked: readonly Block[]
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
const none: Change = { did: 'nothing', count: 0, missing: 0, decisions: [], blocked: [], unblocked: [] }

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
  if (command.do === 'decide') return decide(command, user, receiver)
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
  const before = new Map(await Promise.all(ids.map(async (id) => [id, await store.get(id)] as const)))
  const decided = ids.map((id) => moderation[decision](id, note || undefined, user))
  const found = await whatWasDone(decided, receiver)
  const blocked = action === 'block' ? await blockHosts(found, note, user, receiver) : []
  // What was decided so already was not changed, and an undo of this form is not to take that back.
  const changed = found.filter(({ id, revision }) => revision !== before.get(id)?.revision)
  const decisions = changed.map(({ id, history }) => [id, history.at(-1)?.at ?? 0] as const)
  const missing = ids.length - found.length
  return { ...none, did: action, count: found.length, missing, decisions, blocked }
}

/**
 * The trackbacks of those changes that were made: they stand, and can be undone, though others of the same form failed.
 * Throws where none could be made.
 */
async function whatWasDone(
  changes: readonly Promise<Trackback | null>[],
  { report }: Scope,
): Promise<Trackback[]> {
  const settled = await Promise.allSettled(changes)
  const errors = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  if (errors.length > 0 && errors.length === settled.length) throw errors[0]
  for (const error of errors) report(error)
  return settled.flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value] : []))
}

/** Blocks the hosts that are not blocked yet, one after the other, as far as there is room for more blocks. */
async function blockHosts(
  trackbacks: readonly Trackback[],
  note: string,
  user: string,
  { moderation, report }: Scope,
): Promise<Block[]> {
  const known = new Set((await moderation.blocks()).map(nameOfBlock))
  const hosts = new Set(trackbacks.map(({ url }) => canonicalHost(new URL(url))))
  const blocked: Block[] = []
  try {
    for (const host of hosts) {
      if (!known.has(`host ${host}`))
        blocked.push(await moderation.block({ kind: 'host', value: host }, note || undefined, user))
    }
  } catch (error) {
    // What was decided stands, and can be undone.
    report(error)
  }
  return blocked
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
  const undoing = change.decisions.map(([id, at]) => moderation.undo(id, undefined, user, at))
  const undone = await whatWasDone(undoing, receiver)
  for (const each of change.blocked) await moderation.unblock(each)
  for (const each of change.unblocked) await moderation.block(each, each.reason, each.user)
  return { ...none, did: 'undo', count: undone.length, missing: undoing.length - undone.length }
}
