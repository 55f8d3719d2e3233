import type { Tables } from '../../src/sql/sql.js'

/** Statements that leave in tables of version 2 what a receiver of that release kept: a shown and a new trackback. */
export function keepOfVersion2({ received }: Tables, hash = false): string {
  const tricky = 'he said "looks": "state":"pending"'
  const verification = {
    outcome: 'linked',
    reason: 'it links',
    checkedAt: 5,
    looks: 3,
    isByOthers: true,
    title: tricky,
  }
  const history = [
    { at: 1, state: 'pending', by: 'policy', reason: tricky },
    { at: 2, state: 'held', by: 'author', action: 'hold', reason: 'why', before: 'pending' },
  ]
  const checks = [{ check: 'link', score: 2, note: tricky }]
  const json = [verification, checks, history].map((fact) => `'${JSON.stringify(fact)}'`).join()
  const row = (name: string, state: string, facts: string): string =>
    `INSERT INTO ${received} (${hash ? 'source_hash, ' : ''}post_id, source_key, url, title, excerpt, blog_name, charset,
       charset_reason, received_at, state, verification, checks, history)
     VALUES (${hash ? `'${name}', ` : ''}'7', '${name}', 'http://a.example/${name}', 't', 'e', 'b', 'utf-8', 'field', 9, '${state}', ${facts});`
  return row('shown', 'held', json) + row('new', 'pending', "NULL, '[]', '[]'")
}

/** What a store of this release gives for them. */
export const asKeptNow = [
  {
    state: 'held',
    blog: '',
    charsetSource: 'field',
    verification: { attempts: 3, isUserContent: true, title: 'he said "looks": "state":"pending"' },
    checks: [{ check: 'link', score: 2, reason: 'he said "looks": "state":"pending"' }],
    history: [
      { state: 'unverified', reason: 'he said "looks": "state":"pending"' },
      { state: 'held', before: 'unverified' },
    ],
  },
  { state: 'unverified', blog: '', charsetSource: 'field', verification: null },
] as const
