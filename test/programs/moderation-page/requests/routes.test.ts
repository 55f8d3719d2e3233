import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCommand } from '../../../../src/programs/moderation-page/requests/command.js'
import {
  lists,
  parseRoute,
  type Route,
  routeUrl,
} from '../../../../src/programs/moderation-page/requests/routes.js'

const word = fc.stringMatching(/^[\w日本%&=+#?.:-]{1,20}$/)
const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.record({
    page: fc.constant('list' as const),
    list: fc.constantFrom(...(Object.keys(lists) as (keyof typeof lists)[])),
    text: fc.constant(''),
    after: fc.oneof(fc.constant(''), word),
    isAllSelected: fc.boolean(),
  }),
  fc.record({
    page: fc.constant('list' as const),
    list: fc.constant('search' as const),
    text: word,
    after: fc.constant(''),
    isAllSelected: fc.constant(false),
  }),
  fc.record({ page: fc.constant('trackback' as const), id: word }),
  fc.record({ page: fc.constant('blocks' as const), after: fc.oneof(fc.constant(''), word) }),
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
