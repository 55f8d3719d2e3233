// server.ts
import { createServer } from 'node:http'
import { toNodeHandler } from 'trackbacks/node'
import { handler } from './dist/server/entry.mjs' // SvelteKit: './build/handler.js'
import { trackbacks } from './src/lib/trackbacks.ts'

const { receiver, close } = trackbacks()
const handlePing = toNodeHandler(receiver)
const server = createServer((request, response) => {
  handlePing(request, response, () => void handler(request, response))
})
server.listen(3000)
process.once('SIGTERM', () => server.close(() => void close()))
