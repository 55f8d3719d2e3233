// A process that uses a store together with its siblings: opens the store behind each address that it is sent, adds one
// trackback, closes it, and sends back the outcome, or what went wrong.
import { sampleTrackback } from '../../src/store/contract.js'
import { openStore } from './stores.js'

async function addTo(address: string): Promise<string> {
  try {
    const store = openStore(address)
    const { outcome } = await store.add(sampleTrackback())
    await store.close()
    return outcome
  } catch (error) {
    return String(error)
  }
}

process.on('message', async (address: string) => process.send?.(await addTo(address)))
process.on('disconnect', () => process.exit())
process.send?.('ready')
