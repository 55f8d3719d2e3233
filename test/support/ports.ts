import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A port that nothing listens on, for a program that is told its port before it starts. No system gives one of these to
 * who asks for any port, so nobody else gets it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000)
    const server = createServer().listen(port)
    const isFree = await once(server, 'listening').catch(() => null)
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
