import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCommand } from '../../../../src/programs/moderation-page/requests/command.js'
import {
  type ListRoute,
  listOf,
  lists,
  parseRoute,
  type Route,
  routeUrl,
} from '../../../../src/programs/moderation-page/requests/routes.js'

const word = fc.stringMatching(/^[\w日本%&=+#?.:-]{1,20}$/)
/** A query with any of some parameters. */
const query = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, word])), { requiredKeys: [] })
const listRoutes: fc.Arbitrary<ListRoute> = fc.record({
  page: fc.constant('list' as const),
  list: fc.constantFrom(...(Object.keys(lists) as (keyof typeof lists)[])),
  query: query('q', 'post', 'blog', 'after', 'before'),
})
const routes: fc.Arbitrary<Route> = fc.oneof(
  listRoutes,
  fc.record({
    page: fc.constant('trackback' as const),
    id: word,
    query: listRoutes.map((list) => ({ from: routeUrl(list) })),
  }),
  fc.record({ page: fc.constant('blocks' as const), query: query('after', 'value', 'note') }),
)

describe('a route', () => {
  it('is read back from its URL', () => {
    fc.assert(
      fc.property(routes, (route) => {
        const [path = '', query = ''] = routeUrl(route).split('?')
        expect(parseRoute(path, query)).toEqual(route)
      }),
    )
  })

  it('of a trackback knows the list that it was opened from', () => {
    fc.assert(
      fc.property(listRoutes, (list) => {
        expect(listOf({ page: 'trackback', id: '1', query: { from: routeUrl(list) } })).toEqual(list)
      }),
    )
    for (const from of [
      'blocks',
      'nothing',
      'trackback/1',
      '//evil.example/',
      'trackback/1?from=trackback%2F1',
    ])
      expect(listOf({ page: 'trackback', id: '1', query: { from } }), from).toBeNull()
  })

  it('is nothing for any other path', () => {
    for (const path of [
      'x',
      'toString',
      'trackback',
      'trackback/%zz',
      'trackback/a%2Fb',
      'blocks/',
      'held/',
    ]) {
      expect(parseRoute(path, ''), path).toBeNull()
    }
  })
})

describe('a command', () => {
  const read = (query: string) => readCommand(new URLSearchParams(query))

  it('names each trackback once', () => {
    expect(read('do=hold&id=1&id=2&id=1')).toMatchObject({ do: 'decide', action: 'hold', ids: ['1', '2'] })
    expect(read('do=hold:7&id=1')).toMatchObject({ ids: ['7'] })
    expect(read('do=hold:*150&id=1')).toMatchObject({ ids: [], all: 150 })
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
  ])('is nothing for %j', (query) => {
    expect(read(query)).toBeNull()
  })

  it('of a block and its undo are about the same', () => {
    const blocks = [
      { kind: 'host', value: 'a.example' },
      { kind: 'source', value: 'http://a.example/?a=b:c' },
      { kind: 'address', value: '192.0.2.1' },
    ] as const
    for (const block of blocks) {
      const command = read(new URLSearchParams({ do: `unblock:${block.kind}:${block.value}` }).toString())
      expect(command).toEqual({ do: 'unblock', subject: block, note: '' })
    }
  })
})
