import { createHash } from 'node:crypto'
import { whenThere } from '../../base/waiting.js'
import type { RecordStore, Trackback } from '../../store/store.js'
import { createRecent } from './recent.js'

const recordKind = 'erased'
const day = 86_400_000

/** What was erased: it does not come back for a while. */
export type Erased = ReturnType<typeof createErased>

/** Keeps a digest of what was erased, for some days, and nothing else of it. Where nothing is erased, a ping costs no look at it. */
export function createErased(records: RecordStore, now: () => number, days: number) {
  const isAny = createRecent(
    async () => (await records.list(recordKind, '', { limit: 1 })).items.length > 0,
    now,
  )
  return {
    async add({ postId, sourceKey }: Pick<Trackback, 'postId' | 'sourceKey'>): Promise<void> {
      await records.put(recordKind, digest(postId, sourceKey), '', null, now() + days * day)
      await isAny.again()
    },
    has(postId: string, sourceKey: string): boolean | Promise<boolean> {
      const look = async (): Promise<boolean> =>
        (await records.get(recordKind, digest(postId, sourceKey))) !== null
      return whenThere(isAny.get(), (any) => any && look())
    },
  }
}

function digest(postId: string, sourceKey: string): string {
  return createHash('sha256').update(`${postId}\n${sourceKey}`).digest('base64url')
}
