import type { BlockSubject } from '../../../receive/options/context.js'
import type { ModerationAction } from '../../../receive/options/types.js'
import { cutText } from '../../../text/excerpt.js'
import { cleanText } from '../../../text/plain.js'

/** What is done to trackbacks: what the author decides, and `block`, which is `spam` and a block of the host. */
export type ItemAction = ModerationAction | 'block'

/** What a form asks for. */
export type Command =
  | { readonly do: 'none' }
  | {
      readonly do: 'decide'
      readonly action: ItemAction
      readonly ids: readonly string[]
      readonly note: string
    }
  | { readonly do: 'undo'; readonly key: string }
  | { readonly do: 'block' | 'unblock'; readonly subject: BlockSubject; readonly note: string }

const itemActions: Readonly<Record<ItemAction, true>> = {
  publish: true,
  hold: true,
  reject: true,
  remove: true,
  spam: true,
  notSpam: true,
  block: true,
}

/** How many trackbacks one form may name. */
const mostIds = 100
const longestNote = 200

/**
 * Reads what the button that was pressed asks for. Its value is an action, alone for the trackbacks that are ticked, or
 * with what it is about: `spam`, `spam:12`, `undo:KEY`, `unblock:host:a.example`; `add-block` alone takes what it is about
 * from the fields `kind` and `value`. `null` for what no button of ours says.
 */
export function readCommand(form: URLSearchParams): Command | null {
  const [name = '', ...rest] = (form.get('do') ?? '').split(':')
  const about = rest.join(':')
  const note = cutText(cleanText(form.get('note') ?? ''), longestNote)
  if (name === 'none') return { do: 'none' }
  if (name === 'undo') return about === '' ? null : { do: 'undo', key: about }
  const [kind, value] = about
    ? [rest[0], rest.slice(1).join(':')]
    : [form.get('kind'), form.get('value')?.trim()]
  if (name === 'add-block') return blockOf('block', kind, value, note)
  if (name === 'unblock') return blockOf('unblock', kind, value, note)
  if (!Object.hasOwn(itemActions, name)) return null
  const ids = about === '' ? [...new Set(form.getAll('id'))] : [about]
  return ids.length > mostIds ? null : { do: 'decide', action: name as ItemAction, ids, note }
}

function blockOf(
  name: 'block' | 'unblock',
  kind: string | null | undefined,
  value = '',
  note: string,
): Command | null {
  if (kind !== 'source' && kind !== 'host' && kind !== 'address') return null
  return { do: name, subject: { kind, value }, note }
}
