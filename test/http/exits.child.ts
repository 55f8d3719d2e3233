// Run by client.test.ts: asks once, says when it was done, and must then exit by itself.
import { createHttpClient } from '../../src/http/client.js'

const [url = '', host = '', state] = process.argv.slice(2)
const client = createHttpClient({ allowHosts: [host] })
const response = await client.request({ url })
await response.bytes()
if (state === 'closed') await client.close()
process.stdout.write(`${response.status} ${Date.now()}\n`)
