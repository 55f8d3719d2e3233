import type { Moderation, Store } from '../index.js'
import type { Context } from './command.js'

/** What an action of `moderate` works with. */
export interface Work extends Context {
  readonly store: Store
  readonly moderation: Moderation
  /** What stands after the action: ids, or what is blocked. */
  readonly operands: readonly string[]
}

/** One thing that `moderate` does; resolves to whether all that was named was there. */
export type Action = (work: Work) => Promise<boolean>
