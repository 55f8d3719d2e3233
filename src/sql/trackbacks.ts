import { positiveInteger } from '../base/limits.js'
import { cursorOf, pageLimit, placeAfter, rowId, toPage, valuesOf } from '../store/page.js'
import type { Store, Trackback, TrackbackFilter, TrackbackPageRequest } from '../store/store.js'
import { trackbackStates } from '../store/store.js'
import { toColumn, toTrackback, trackbackColumns } from './row.js'
import type { Columns, Sql, SqlValue } from './sql.js'

/** Of how many trackbacks one call of `forgetClientIps` forgets the client. */
const mostForgotten = 2000

/** What a search looks through, in one piece; texts are single lines, so no match spans two of them. */
const searchedText = ['url', 'title', 'excerpt', 'blog_name'].join(" || '\n' || ")

/** What a repeat replaces, which names the table `r`: the text, while the trackback is not decided on. */
export function onRepeat(key: string): string {
  return `ON CONFLICT (${key}) DO UPDATE SET url = excluded.url, title = excluded.title, excerpt = excluded.excerpt,
    blog_name = excluded.blog_name, charset = excluded.charset, charset_source = excluded.charset_source,
    client_ip = excluded.client_ip, revision = r.revision + 1
    WHERE r.state = 'unverified'`
}

/** The trackbacks of a store, but for how they are added. */
export function createTrackbacks(sql: Sql): Omit<Store, 'add' | 'jobs' | 'records' | 'close'> {
  const { received } = sql.tables
  const change = `UPDATE ${received} SET state = $1, verification = $2, checks = $3, history = $4,
    revision = revision + 1 WHERE id = $5 AND revision = $6 RETURNING id`
  const removal = `DELETE FROM ${received} WHERE id = $1 AND revision = $2 RETURNING id`
  const forgetting = `UPDATE ${received} SET client_ip = NULL WHERE id IN (SELECT id FROM ${received}
    WHERE client_ip IS NOT NULL AND received_at < $1 ORDER BY received_at LIMIT $2) RETURNING id`

  async function one(key: Columns): Promise<Trackback | null> {
    const columns = Object.keys(key).map((name, index) => `${name} = $${index + 1}`)
    const text = `SELECT ${trackbackColumns} FROM ${received} WHERE ${columns.join(' AND ')}`
    const [row] = await sql.all(text, Object.values(key))
    return row ? toTrackback(row) : null
  }

  /** Of each state as many rows as a page has: the indexes that have the order of a list begin with the state. */
  function byState(where: string, page: string): string {
    const ofStates = trackbackStates.map((state) => {
      const rows = `SELECT * FROM ${received} ${where ? `${where} AND` : 'WHERE'} ${isOfState(state)} ${page}`
      return `SELECT * FROM (${rows}) AS ${state}`
    })
    return `(${ofStates.join(' UNION ALL ')}) AS page`
  }

  return {
    get: (id) => one({ id: rowId(id) }),
    find: (postId, sourceKey) => one(sql.toTrackbackKey(postId, sourceKey)),
    async update(id, revision, { state, verification, checks, history }) {
      const facts = [verification, checks, history].map(toColumn)
      return (await sql.all(change, [state, ...facts, rowId(id), revision])).length > 0
    },
    async remove(id, revision) {
      return (await sql.all(removal, [rowId(id), revision])).length > 0
    },
    async list(filter, request) {
      const limit = pageLimit(request)
      const order = request?.order === 'newest' ? 'DESC' : 'ASC'
      const { where, values } = clauseOf(filter, request)
      const page = `ORDER BY received_at ${order}, id ${order} LIMIT $${values.length + 1}`
      const source = readsByState(filter) ? byState(where, page) : `${received} ${where}`
      const rows = await sql.all(`SELECT ${trackbackColumns} FROM ${source} ${page}`, [...values, limit + 1])
      return toPage(rows.map(toTrackback), limit, cursorOf)
    },
    async count(filter, { atMost } = {}) {
      const { where, values } = clauseOf(filter)
      const limit = atMost === undefined ? '' : `LIMIT ${positiveInteger(atMost, 1, 'atMost')}`
      const rows = limit ? `(SELECT 1 FROM ${received} ${where} ${limit}) AS counted` : `${received} ${where}`
      const [row] = await sql.all(`SELECT count(*) AS count FROM ${rows}`, values)
      return Number((row as { count: number | string }).count)
    },
    async counts(filter) {
      const { where, values } = clauseOf(filter)
      const counting = `SELECT post_id, count(*) AS count FROM ${received} ${where} GROUP BY post_id`
      const rows = (await sql.all(counting, values)) as { post_id: string; count: number | string }[]
      return new Map(rows.map(({ post_id, count }) => [post_id, Number(count)]))
    },
    async forgetClientIps(before) {
      return (await sql.all(forgetting, [before, mostForgotten])).length
    },
  }
}

/** Written out, and one of ours whatever is asked for: an index of one state is found by its word. */
function isOfState(asked: Trackback['state']): string {
  return `state = '${trackbackStates.find((state) => state === asked)}'`
}

/** Whether a list in no state has many rows to look through; D1 has room for few values, each of which stands five times. */
function readsByState({ postId, blog, state }: TrackbackFilter): boolean {
  return state === undefined && postId === undefined && !Array.isArray(blog)
}

/** A filter, and what of it is after a page, as fixed pieces of SQL; what comes from outside is only ever bound. */
function clauseOf({ postId, blog, state, text }: TrackbackFilter, request?: TrackbackPageRequest) {
  const values: SqlValue[] = []
  const bind = (value: SqlValue): string => `$${values.push(value)}`
  const isOneOf = (column: string, part: string | readonly string[]): string =>
    part.length === 0 && part !== '' ? '1 = 0' : `${column} IN (${valuesOf(part).map(bind)})`
  const after = placeAfter(request)
  const pieces: string[] = []
  if (postId !== undefined) pieces.push(isOneOf('post_id', postId))
  if (blog !== undefined) pieces.push(isOneOf('blog', blog))
  // The index of blogs has none of those that belong to no blog.
  if (blog !== undefined && !valuesOf(blog).includes('')) pieces.push("blog <> ''")
  if (state !== undefined) pieces.push(isOfState(state))
  if (text !== undefined) pieces.push(`strpos(lower(${searchedText}), lower(${bind(text)})) > 0`)
  if (after) pieces.push(`(received_at, id) ${request?.order === 'newest' ? '<' : '>'} (${after.map(bind)})`)
  return { where: pieces.length > 0 ? `WHERE ${pieces.join(' AND ')}` : '', values }
}
