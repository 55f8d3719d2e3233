import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ListRoute,
  listOf,
  lists,
  type Route,
  readRoute,
  routeUrl,
} from '../../../../src/programs/moderation-page/requests/routes.js'

const word = fc.stringMatching(/^[\w日本%&=+#?.:-]{1,20}$/)
/** A query with any of some parameters. */
const query = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, word])), { requiredKeys: [] })
const listRoutes: fc.Arbitrary<ListRoute> = fc.record({
  page: fc.constantFrom(...(Object.keys(lists) as (keyof typeof lists)[])),
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
        expect(readRoute(routeUrl(route))).toEqual(route)
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
      expect(readRoute(path), path).toBeNull()
    }
  })
})
