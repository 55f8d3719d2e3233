// A worker that takes a job and never ends it, to be killed. Arguments: queue, address. Sends its parent the payload.
import { openQueue } from './queues.js'

const [kind = '', address = ''] = process.argv.slice(2)
const { queue } = await openQueue(kind, address)
queue.listen('k', (job) => {
  process.send?.(job.payload)
  return new Promise(() => {})
})
// What waits for a job does not keep a process alive; this one lives as long as its parent.
process.on('disconnect', () => process.exit())
