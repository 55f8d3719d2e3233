// Forked: hosts that answer a GET with a page of a post that has a ping URL, and every ping with a success. Arguments: how
// many ports of 127.0.0.1 to listen on; with `apart`, each is on an address of its own, 127.0.1.1 and up. Sends its parent
// their origins.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateRdf } from 'trackbacks/protocol'

const [count, kind] = process.argv.slice(2)
const answer = Buffer.from(
  '<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>0</error>\n</response>',
)

/** A page of 20 KB, whose RDF stands behind the post as blog engines have it. */
function pageOf(url: string, pingUrl: string): string {
  const paragraph = (index: number): string =>
    `<p>Back to work on the desk, a word &amp; <a href="/archive/${index}.html">more of them ${index}</a>, as it was said before.</p>\n`
  const text = Array.from({ length: 80 }, (_, index) => paragraph(index)).join('')
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>A page</title></head><body><article><h1>A page</h1>
${text}<!--\n${generateRdf({ url, pingUrl, title: 'A page' })}\n--></article><aside>${text}</aside></body></html>`
}

const origins = await Promise.all(
  Array.from({ length: Number(count) }, async (_, index) => {
    const host = kind === 'apart' ? `127.0.1.${index + 1}` : '127.0.0.1'
    let origin = ''
    const server = createServer((request, response) => {
      const { method, url } = request
      const body = method === 'GET' ? Buffer.from(pageOf(origin + url, `${origin}/trackback${url}`)) : answer
      request.resume().on('end', () => {
        const type = method === 'GET' ? 'text/html' : 'text/xml'
        response.writeHead(200, {
          'content-type': `${type}; charset=UTF-8`,
          'content-length': body.length,
        })
        response.end(body)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, host, resolve))
    origin = `http://${host}:${(server.address() as AddressInfo).port}`
    return origin
  }),
)
process.send?.(origins)
