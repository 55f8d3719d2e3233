import { createHash } from 'node:crypto'
import type { RecordStore } from '../../store/store.js'
import type { Erased } from '../options/context.js'
import { createRecent } from './recent.js'

const recordKind = 'erased'

/** Keeps a digest of what was erased, and nothing else of it. Where nothing is erased, a ping costs no look at it. */
export function createErased(records: RecordStore, now: () => number): Erased {
  const isAny = createRecent(
    async () => (await records.list(recordKind, '', { limit: 1 })).items.length > 0,
    now,
  )
  return {
    async add({ postId, sourceKey }, until) {
      await records.put(recordKind, digest(postId, sourceKey), '', null, until)
      await isAny.again()
    },
    async has(postId, sourceKey) {
      return (await isAny.get()) && (await records.get(recordKind, digest(postId, sourceKey))) !== null
    },
  }
}

function digest(postId: string, sourceKey: string): string {
  return createHash('sha256').update(`${postId}\n${sourceKey}`).digest('base64url')
}
