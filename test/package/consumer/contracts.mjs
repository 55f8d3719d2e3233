// What `trackbacks/testing` asks of a store, and of a queue, without any test runner.
import { testQueue, testStore } from 'trackbacks/testing'
import { createQueues } from './queue.mjs'
import { storesOf } from './stores.mjs'

const [kind] = process.argv.slice(2)
const { open, end } = kind === 'queue' ? {} : await storesOf(kind)
const tests = []
const test = (name, body) => tests.push({ name, body })
if (kind === 'queue') testQueue(test, createQueues)
else testStore(test, open)

for (const { name, body } of tests) {
  await body().catch((error) => {
    process.exitCode = 1
    console.log(`FAILED: ${name}`, error)
  })
}
await end?.()
console.log(`${tests.length} tests`)
