// Forked by send.bench.ts: listens on as many ports as it is told and answers every ping with a success.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const answer = Buffer.from(
  '<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>0</error>\n</response>',
)

const ports = await Promise.all(
  Array.from({ length: Number(process.argv[2]) }, async () => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, {
          'content-type': 'text/xml; charset=UTF-8',
          'content-length': answer.length,
        })
        response.end(answer)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }),
)
process.send?.(ports)
