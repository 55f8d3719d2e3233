import { describe, expect, it } from 'vitest'
import { findChange, makeChange } from '../../../../src/programs/moderation-page/requests/changes.js'
import { scopeOf } from '../../../../src/programs/moderation-page/requests/scope.js'
import { receiverHolding } from '../support.js'

/** A receiver that holds three trackbacks, and what comes of a form of its list: `null` for what no button says. */
async function opened() {
  const { receiver, store, ids } = await receiverHolding({}, {}, {})
  const scope = scopeOf(receiver, { user: 'hanako', blogs: null })
  const send = async (query: string) => {
    const sent = { list: { page: 'held', query: {} }, scope, now: Date.now() } as const
    const key = await makeChange({ ...sent, form: new URLSearchParams(query) })
    return key && findChange(key, scope)
  }
  const held = () => store.count({ state: 'held' })
  return { receiver, ids, send, held }
}

describe('a form', () => {
  it('names each trackback once', async () => {
    const { send, ids, held } = await opened()
    const [first, second, third] = ids
    expect(await send(`do=reject&id=${first}&id=${second}&id=${first}`)).toMatchObject({
      count: 2,
      missing: 0,
    })
    expect(await send(`do=publish:${third}&id=${first}`)).toMatchObject({ did: 'publish', count: 1 })
    expect(await held()).toBe(0)
  })

  it('names as many as it says of the list that it was on, whatever is ticked', async () => {
    const { send, ids, held } = await opened()
    expect(await send(`do=reject:*2&id=${ids[2]}`)).toMatchObject({ count: 2 })
    expect(await held()).toBe(1)
  })

  it.each([
    '',
    'do=',
    'do=toString',
    'do=constructor:1',
    'do=undo:',
    'do=unblock',
    'do=unblock:planet:x',
    'do=add-block:x',
    'do=block:*2',
    'do=spam:*1001',
  ])('is nothing of ours with %j, and changes nothing', async (query) => {
    const { send, held } = await opened()
    expect([await send(query), await held()]).toEqual([null, 3])
  })

  it('that unblocks is about what was blocked', async () => {
    const { send, receiver } = await opened()
    const blocks = [
      { kind: 'host', value: 'a.example' },
      { kind: 'source', value: 'http://a.example/?a=b:c' },
      { kind: 'address', value: '192.0.2.1' },
    ] as const
    for (const block of blocks) {
      await receiver.moderation.block(block)
      const query = new URLSearchParams({ do: `unblock:${block.kind}:${block.value}` })
      expect(await send(query.toString())).toMatchObject({ count: 1, unblocked: [block] })
      expect(await receiver.moderation.blocks()).toEqual([])
    }
  })
})
