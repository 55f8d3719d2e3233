import { randomBytes } from 'node:crypto'
import type { RecordStore } from '../../store/store.js'

/** Gives a secret that is made once, stays in the store, and is one for all processes that share it. */
export function createSharedSecret(records: RecordStore, name: string): () => Promise<string> {
  let secret: Promise<string> | undefined
  async function read(): Promise<string> {
    await records.put('secret', name, randomBytes(32).toString('hex'), 0)
    const kept = await records.get('secret', name)
    if (!kept) throw new Error(`the secret ${name} was not kept`)
    return kept.value
  }
  return () => {
    secret ??= read().catch((error: unknown) => {
      secret = undefined
      throw error
    })
    return secret
  }
}
