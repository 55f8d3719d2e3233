import { existsSync } from 'node:fs'
import type { Moderation, Store } from '../../../index.js'
import { wholeNumber } from '../terminal/arguments.js'
import type { CommandDefinition, Context } from '../terminal/command.js'
import { asUsage, CommandError, explain, UsageError } from '../terminal/failures.js'
import { actions, type ModerateValues } from './moderate-actions.js'
import { states } from './trackback.js'

/** `trackbacks moderate`: the trackbacks in a SQLite file, and decisions on them. */
export const moderate: CommandDefinition<
  [path: string, action: string, operands: readonly string[]],
  ModerateValues
> = {
  name: 'moderate',
  summary: 'moderate the trackbacks in a SQLite file',
  about: [
    'The file is one that openSqlite made; the blog may have it open at the same time. Decisions stay: a removed trackback does not come back when it is sent again.',
    'Exit status 1 if an id or a block is not found. A spam service of your blog, such as Akismet, is not notified.',
  ],
  actions,
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
  declare(command) {
    const action = command.createArgument('[action]', 'what to do').default('list', 'list')
    command.argument('<db>', 'the SQLite file')
    command.addArgument(action)
    command.argument('[what...]', 'ids of trackbacks, or what to block')
    command.addOption(command.createOption('--state <state>', 'list only these').choices(states))
    command.option('--post <id>', 'list only those of this post')
    command.option('--limit <n>', 'list at most this many', wholeNumber(1), 50)
    command.option('--reason <text>', 'note for the history')
    command.option('--table-prefix <prefix>', 'prefix of its table names (default: trackbacks_)')
  },
  run(context, [path, name, operands], options) {
    const names = actions.map(([usage]) => usage.split(' ', 1)[0])
    const action = actions[names.indexOf(name)]?.[2]
    if (!action) throw new UsageError(`unknown action '${name}' (Allowed choices are ${names.join(', ')}.)`)
    return withDatabase(path, options, context, (store, moderation) =>
      action({ ...context, store, moderation, operands, options }),
    )
  },
}

async function withDatabase(
  path: string,
  { tablePrefix }: ModerateValues,
  { err }: Context,
  work: (store: Store, moderation: Moderation) => Promise<boolean>,
): Promise<boolean> {
  if (!existsSync(path)) throw new CommandError(`file not found: ${path}`)
  const { openExistingSqlite } = await import('../../../sqlite.js')
  const { createReceiver } = await import('../../../index.js')
  const store = asUsage(() => openExistingSqlite(path, { tablePrefix }))
  if (store === null) throw new CommandError(`${path} is not a trackbacks database`)
  // It neither receives nor verifies: that is the work of the blog's own process.
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
