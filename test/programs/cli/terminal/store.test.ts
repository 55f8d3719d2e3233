import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { commands } from '../../../../src/programs/cli/run.js'
import { openSqlite } from '../../../../src/sql/sqlite/open.js'
import { servePages } from '../../../support/servers.js'
import { allow, runCli } from '../running.js'

let folder: string
let db: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackbacks-store-'))
  db = join(folder, 'trackbacks.db')
  return () => rm(folder, { recursive: true })
})

/** A command line for each command that opens a database. */
const lines: Readonly<Record<string, () => Promise<string[]>>> = {
  async announce() {
    const server = await servePages({ '/': '<title>a</title>' })
    return ['announce', `${server.origin}/`, '--db', db, ...allow(server)]
  },
  listen: async () => ['listen', '--port', '0', '--db', db],
  moderate: async () => ['moderate', db],
  async import() {
    await writeFile(join(folder, 'a.jsonl'), '{}')
    return ['import', join(folder, 'a.jsonl'), db]
  },
  export: async () => ['export', db],
}

function tablesIn(path: string): unknown[] {
  const database = new (createRequire(import.meta.url)('libsql'))(path)
  const tables = database.prepare('SELECT name FROM sqlite_master ORDER BY name').all()
  database.close()
  return tables
}

describe('a file whose tables have another prefix', () => {
  it.each(Object.keys(lines))('is said and left as it is by %s', async (name) => {
    for (const tablePrefix of ['tb_', 'x_']) await openSqlite(db, { tablePrefix }).close()
    const before = tablesIn(db)
    const { status, out, err } = await runCli((await lines[name]?.()) ?? [])
    expect({ status, out, err }).toEqual({
      status: 1,
      out: '',
      err: `trackbacks ${name}: cannot open ${db}: its tables have another prefix: tb_, x_\n`,
    })
    expect(tablesIn(db)).toEqual(before)
  })

  it('has a line here for every command that opens one', async () => {
    const helps = await Promise.all(
      commands.map(async ({ name }) => [name, await runCli([name, '--help'])] as const),
    )
    const opening = helps.filter(([, { out }]) => /--db <file>|<db>/.test(out)).map(([name]) => name)
    expect(Object.keys(lines).sort()).toEqual(opening.sort())
  })

  it('is opened where it has the tables that are asked for, too', async () => {
    for (const tablePrefix of ['tb_', 'trackbacks_']) await openSqlite(db, { tablePrefix }).close()
    for (const argv of [
      ['moderate', db],
      ['moderate', db, '--table-prefix', 'tb_'],
    ])
      expect(await runCli(argv)).toEqual({ status: 0, out: 'No trackbacks.\n', err: '' })
  })
})
