import type { ModerationAction } from '../../../receive/options/options.js'
import type { BlockSubject } from '../../../receive/policy/blocks.js'
import { cutText } from '../../../text/excerpt.js'
import { cleanText } from '../../../text/plain.js'
import { mostCounted } from './listing.js'

/** What is done to trackbacks: what the author decides, and `block`, which is `spam` and a block of the host. */
export type ItemAction = ModerationAction | 'block'

/** What a form asks for. */
export type Command =
  | { readonly do: 'none' }
  | { readonly do: 'feed' }
  | {
      readonly do: 'decide'
      readonly action: ItemAction
      readonly ids: readonly string[]
      /** The number of trackbacks at the beginning of the list that are meant, in place of `ids`. */
      readonly all?: number
      readonly note: string
    }
  | { readonly do: 'undo'; readonly key: string }
  | { readonly do: 'retry'; readonly postId: string; readonly target: string }
  | { readonly do: 'block' | 'unblock'; readonly subject: BlockSubject; readonly note: string }

const itemActions: readonly string[] = ['publish', 'hold', 'reject', 'remove', 'spam', 'notSpam', 'block']

/** How many trackbacks one form may name. */
const mostIds = 100
const longestNote = 200

/**
 * Reads what the button that was pressed asks for. Its value is an action, alone for the trackbacks that are ticked, or
 * with what it is about: `spam`, `spam:12`, `spam:*150` for the 150 of the list, `undo:KEY`, `unblock:host:a.example`,
 * `retry:1:7https://a.example/` for the target of the post whose id has one character. `null` for what no button of ours says.
 */
export function readCommand(form: URLSearchParams): Command | null {
  const [name = '', ...rest] = (form.get('do') ?? '').split(':')
  const about = rest.join(':')
  const note = cutText(cleanText(form.get('note') ?? ''), longestNote)
  if (name === 'none' || name === 'feed') return { do: name }
  if (name === 'undo') return about === '' ? null : { do: 'undo', key: about }
  if (name === 'retry') {
    const [length, ...text] = rest
    const [postId, target] = [text.join(':').slice(0, Number(length)), text.join(':').slice(Number(length))]
    return { do: 'retry', postId, target }
  }
  if (name === 'add-block') return blockOf('block', rest, note)
  if (name === 'unblock') return blockOf('unblock', rest, note)
  if (!itemActions.includes(name)) return null
  const action = name as ItemAction
  const all = Number(/^\*(\d{1,4})$/.exec(about)?.[1] ?? 0)
  if (all > 0)
    return all > mostCounted || action === 'block' ? null : { do: 'decide', action, ids: [], all, note }
  const ids = about === '' ? [...new Set(form.getAll('id'))] : [about]
  return ids.length > mostIds ? null : { do: 'decide', action, ids, note }
}

function blockOf(name: 'block' | 'unblock', [kind, ...value]: string[], note: string): Command | null {
  if (kind !== 'source' && kind !== 'host' && kind !== 'address') return null
  return { do: name, subject: { kind, value: value.join(':') }, note }
}
