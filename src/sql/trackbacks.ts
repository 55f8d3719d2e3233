import { positiveInteger } from '../base/limits.js'
import { cursorOf, pageLimit, placeAfter, rowId, toPage, valuesOf } from '../store/page.js'
import type { Store, Trackback, TrackbackFilter, TrackbackPageRequest } from '../store/store.js'
import { toColumn, toTrackback, trackbackColumns } from './row.js'
import type { Condition, Sql, SqlValue } from './sql.js'

/** How many rows one call of `expire` deletes, and of how many it forgets the client. */
const expiryLimit = 2000

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
  const firstOf = (condition: string): string =>
    `WHERE id IN (SELECT id FROM ${received} WHERE ${condition} AND received_at < $1 ORDER BY received_at LIMIT $2) RETURNING id`
  const deletion = `DELETE FROM ${received} ${firstOf("state = 'rejected'")}`
  const forgetting = `UPDATE ${received} SET client_ip = NULL ${firstOf('client_ip IS NOT NULL')}`

  async function select(
    conditions: Iterable<Condition>,
    end = '',
    ...more: SqlValue[]
  ): Promise<Trackback[]> {
    const { where, values } = clause(conditions)
    const limit = end && `${end} LIMIT $${values.length + 1}`
    const rows = await sql.all(`SELECT ${trackbackColumns} FROM ${received} ${where} ${limit}`, [
      ...values,
      ...more,
    ])
    return rows.map(toTrackback)
  }

  return {
    async get(id) {
      return (await select([['id = ?', rowId(id)]]))[0] ?? null
    },
    async find(postId, sourceKey) {
      return (await select(sql.isTrackback(postId, sourceKey)))[0] ?? null
    },
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
      const items = await select(
        conditionsOf(filter, request),
        `ORDER BY received_at ${order}, id ${order}`,
        limit + 1,
      )
      return toPage(items, limit, cursorOf)
    },
    async count(filter, { atMost } = {}) {
      const { where, values } = clause(conditionsOf(filter))
      const counted =
        atMost &&
        `(SELECT 1 FROM ${received} ${where} LIMIT ${positiveInteger(atMost, 1, 'atMost')}) AS counted`
      const [row] = await sql.all(
        `SELECT count(*) AS count FROM ${counted ?? `${received} ${where}`}`,
        values,
      )
      return Number((row as { count: number | string }).count)
    },
    async counts(filter) {
      const { where, values } = clause(conditionsOf(filter))
      const counting = `SELECT post_id, count(*) AS count FROM ${received} ${where} GROUP BY post_id`
      const rows = (await sql.all(counting, values)) as { post_id: string; count: number | string }[]
      return new Map(rows.map(({ post_id, count }) => [post_id, Number(count)]))
    },
    async expire({ rejectedBefore = 0, clientIpsBefore = 0 }) {
      const deleted = await sql.all(deletion, [rejectedBefore, expiryLimit])
      return deleted.length + (await sql.all(forgetting, [clientIpsBefore, expiryLimit])).length
    },
  }
}

/** A filter as fixed pieces of SQL; what comes from outside is only ever bound. */
function* conditionsOf(
  { postId, blog, state, text }: TrackbackFilter,
  request?: TrackbackPageRequest,
): Iterable<Condition> {
  const after = placeAfter(request)
  if (postId !== undefined) yield isOneOf('post_id', valuesOf(postId))
  if (blog !== undefined) yield isOneOf('blog', valuesOf(blog))
  // The index of blogs has none of those that belong to no blog.
  if (blog !== undefined && !valuesOf(blog).includes('')) yield ["blog <> ''"]
  if (state !== undefined) yield ['state = ?', state]
  if (text !== undefined) yield [`strpos(lower(${searchedText}), lower(?)) > 0`, text]
  if (after) yield [`(received_at, id) ${request?.order === 'newest' ? '<' : '>'} (?, ?)`, ...after]
}

function isOneOf(column: string, values: readonly string[]): Condition {
  if (values.length === 0) return ['1 = 0']
  return values.length === 1
    ? [`${column} = ?`, ...values]
    : [`${column} IN (${values.map(() => '?').join()})`, ...values]
}

function clause(conditions: Iterable<Condition>): { where: string; values: SqlValue[] } {
  const all = [...conditions]
  const values: SqlValue[] = all.flatMap(([, ...bound]) => bound)
  const pieces = all.map(([piece]) => piece).join(' AND ')
  const numbers = values.keys()
  const where = pieces.replace(/\?/g, () => `$${Number(numbers.next().value) + 1}`)
  return { where: where && `WHERE ${where}`, values }
}
