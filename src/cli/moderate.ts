import { existsSync } from 'node:fs'
import type { Moderation, Store } from '../index.js'
import { trackbackStates } from '../store/store.js'
import type { Action } from './action.js'
import { meant } from './arguments.js'
import { blockActions } from './block-actions.js'
import type { Command, Context } from './command.js'
import { asUsage, CommandError, explain, UsageError } from './failures.js'
import { trackbackActions, usualLimit } from './trackback-actions.js'

const actions: Readonly<Record<string, Action>> = { ...trackbackActions, ...blockActions }

/** `trackbacks moderate`: what a SQLite file keeps, and what becomes of it. */
export const moderate: Command = {
  name: 'moderate',
  positionals: ['DB', '[ACTION]', '[ID|WHAT...]'],
  summary: 'list, show and decide on what a SQLite file keeps',
  about: [
    'DB is a file that openSqlite made; it may be in use meanwhile. What you decide stays: a removed trackback does not come back when it is sent again.',
    'Exit status 1 where an id or a block is not there. A spam service of your blog, such as Akismet, is not told.',
  ],
  actions: [
    ['list', 'list trackbacks, newest first; what is done without an action'],
    ['show ID...', 'everything that is known of them'],
    ['publish ID...', 'show them under their posts'],
    ['hold ID...', 'take them back from there, to wait'],
    ['reject ID...', 'refuse them; sent again, they stay refused'],
    ['remove ID...', 'take them away; sent again, they stay away'],
    ['spam ID...', 'refuse them as spam'],
    ['not-spam ID...', 'show them, for they are no spam'],
    ['undo ID...', 'take your last decision on them back'],
    [
      'block WHAT...',
      'refuse all further pings of a host with its sub-domains, an IP address, or the URL of a page',
    ],
    ['unblock WHAT...', 'lift blocks'],
    ['blocks', 'list what is blocked'],
  ],
  options: {
    state: { value: 'STATE', about: `list only these: ${trackbackStates.join(', ')}` },
    post: { value: 'ID', about: 'list only those of this post' },
    limit: { value: 'N', about: `list so many at the most (default ${usualLimit})` },
    reason: { value: 'TEXT', about: 'why you decide so, for the history' },
    'table-prefix': {
      value: 'PREFIX',
      about: 'what the names of its tables begin with (default trackbacks_)',
    },
  },
  json: [
    'list: { trackbacks: [{ id, postId, url, title, state, … }], counts }',
    'show and decisions: { trackbacks: [{ id, … }], missing: [id] }',
    'block, unblock, blocks: { blocks: [{ kind, value, reason, at }], missing }',
    'Times are in milliseconds since 1970.',
  ],
  examples: [
    'trackbacks moderate trackbacks.db',
    'trackbacks moderate trackbacks.db list --state held --post 7',
    'trackbacks moderate trackbacks.db publish 12 15',
    'trackbacks moderate trackbacks.db block casino.example 192.0.2.7',
  ],
  async run(context: Context) {
    const [path = '', name = 'list', ...operands] = context.given.positionals
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action) throw new UsageError(`there is no action '${name}'${meant(name, Object.keys(actions))}`)
    return withDatabase(path, context, (store, moderation) =>
      action({ ...context, store, moderation, operands }),
    )
  },
}

async function withDatabase(
  path: string,
  { given, err }: Context,
  work: (store: Store, moderation: Moderation) => Promise<boolean>,
): Promise<boolean> {
  if (!existsSync(path)) throw new CommandError(`there is no file ${path}`)
  const { openExistingSqlite } = await import('../store/open-sqlite.js')
  const { createReceiver } = await import('../index.js')
  const store = asUsage(() => openExistingSqlite(path, { tablePrefix: given.text('table-prefix') }))
  if (store === null) throw new CommandError(`${path} is no SQLite database with trackbacks in it`)
  // Nothing is received and nothing verified here: a worker of the blog does that.
  const receiver = createReceiver({
    baseUrl: 'http://localhost/',
    findPost: () => null,
    worker: false,
    store,
    onError: (error) => err.text(`trackbacks moderate: ${explain(error)}`),
  })
  try {
    return await work(store, receiver.moderation)
  } finally {
    await receiver.close()
    await store.close()
  }
}
