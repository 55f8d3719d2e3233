import { describe, expect, it } from 'vitest'
import type { SqliteDatabase } from '../../src/sql/sqlite/database.js'
import { migrateSqlite, sqliteMigrations, sqliteTables } from '../../src/sql/sqlite/schema.js'
import { createSqliteStore } from '../../src/sql/sqlite/store.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import {
  type Store,
  type TrackbackFilter,
  type TrackbackPageRequest,
  trackbackStates,
} from '../../src/store/store.js'
import { sampleTrackback } from '../../src/testing/sample.js'
import { type SqliteClass, sqliteDrivers } from '../support/sqlite-drivers.js'

const Driver = sqliteDrivers.find(([, driver]) => driver)?.[1] as SqliteClass
const { received } = sqliteTables()

/** A store, and what the database does for each question about trackbacks that it was asked. */
function explained(): { store: Store; plans(): string[] } {
  const database = new Driver(':memory:')
  const asked: [sql: string, values: never[]][] = []
  const told: SqliteDatabase = {
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql)
      return {
        run: (...values) => statement.run(...values),
        all(...values) {
          asked.push([sql, values])
          return statement.all(...values)
        },
      }
    },
  }
  const store = createSqliteStore(told)
  const plan = ([sql, values]: (typeof asked)[number]): string => {
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]
    return steps.map(({ detail }) => detail).join('\n')
  }
  return { store, plans: () => asked.filter(([sql]) => sql.includes(`FROM ${received}`)).map(plan) }
}

const states = [undefined, 'published', 'held'] as const
const places: readonly TrackbackFilter[] = [{}, { postId: 'a' }, { blog: 'b' }, { postId: 'a', blog: 'b' }]
const filters = places.flatMap((place) => states.map((state) => ({ ...place, state })))
const pages: readonly TrackbackPageRequest[] = [{ order: 'newest' }, { after: '5.5' }]

describe('lists and counts in SQLite', () => {
  it.each(filters)(
    'of %j are looked up by an index, and nothing is sorted but what one post or page has',
    async (filter) => {
      const { store, plans } = explained()
      for (const page of pages) await store.list(filter, page)
      const lists = plans()
      expect(lists).toHaveLength(2)
      for (const plan of lists) {
        expect(plan).not.toContain(`SCAN ${received}`)
        if (filter.state) expect(plan).not.toContain('TEMP B-TREE')
        else if (filter.postId === undefined) expect(plan).toContain('MERGE (UNION ALL)')
      }
      await store.count(filter, { atMost: 9 })
      expect(plans().at(-1)).toContain(
        Object.values(filter).some(Boolean) ? `SEARCH ${received}` : 'COVERING INDEX',
      )
    },
  )

  it('counts what is published under posts without reading their trackbacks', async () => {
    const { store, plans } = explained()
    await store.count({ postId: 'a', state: 'published' })
    await store.counts({ postId: ['a', 'b'], state: 'published' })
    for (const plan of plans()) expect(plan).toContain(`COVERING INDEX ${received}_by_post`)
  })

  it('pages through all states in the order in which trackbacks were received', async () => {
    const stores = [createMemoryStore(), createSqliteStore(new Driver(':memory:'))]
    for (let index = 0; index < 40; index += 1) {
      const receivedAt = (index * 7) % 11
      const state = trackbackStates[index % trackbackStates.length] ?? 'held'
      const trackback = {
        url: `https://blog.example/${index}`,
        blog: index % 4 ? 'b' : '',
        state,
        receivedAt,
      }
      for (const store of stores) await store.add(sampleTrackback(trackback))
    }
    for (const filter of [{}, { blog: 'b' }, { blog: ['b', ''] }, { text: '3' }]) {
      for (const order of ['oldest', 'newest'] as const) {
        const [inMemory, inSqlite] = await Promise.all(stores.map((store) => allOf(store, filter, order)))
        expect(inSqlite).toEqual(inMemory)
        expect(inSqlite?.length).toBeGreaterThan(10)
      }
    }
  })
})

describe('the tables of version 3', () => {
  it('come to the same indexes as new ones, with what they hold', async () => {
    const database = new Driver(':memory:')
    const connection = database as never
    migrateSqlite(connection, sqliteTables(), sqliteMigrations(sqliteTables()).slice(0, 1))
    for (const [index, state] of trackbackStates.entries())
      database.exec(`INSERT INTO ${received} (post_id, source_key, url, title, excerpt, blog_name, charset, charset_source,
        received_at, state) VALUES ('a', '${state}', 'http://b.example/', '', '', '', 'utf-8', 'field', ${index}, '${state}')`)
    const store = createSqliteStore(database)
    expect((await store.list({ postId: 'a' })).items.map(({ state }) => state)).toEqual(trackbackStates)
    for (const state of trackbackStates) expect(await store.count({ postId: 'a', state })).toBe(1)
    const fresh = new Driver(':memory:')
    createSqliteStore(fresh)
    expect(indexesOf(database)).toEqual(indexesOf(fresh))
  })
})

function indexesOf(database: SqliteDatabase): unknown[] {
  return database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name").all()
}

async function allOf(store: Store, filter: TrackbackFilter, order: 'oldest' | 'newest'): Promise<string[]> {
  const urls: string[] = []
  let after: string | undefined
  do {
    const page = await store.list(filter, { limit: 3, order, after })
    urls.push(...page.items.map(({ url }) => url))
    after = page.next
  } while (after !== undefined)
  return urls
}
