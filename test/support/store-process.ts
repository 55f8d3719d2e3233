// Opens the store behind an address, together with its siblings, and adds one trackback. Sends its parent the outcome.
import { sampleTrackback } from '../../src/store/contract.js'
import { openStore } from './stores.js'

const store = openStore(process.argv[2] ?? '')
const { outcome } = await store.add(sampleTrackback())
await store.close()
process.send?.(outcome)
