// No request of ours reaches a private address, whatever the runtime does with names and sockets.
import { equal } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { createHttpClient, discover, sendPing, verifySource } from 'trackbacks'

/** Bun greets before it says that it is connected, which is all that ever leaves there. */
const greets = 'Bun' in globalThis

const seen = { connections: 0, bytes: 0 }
const server = createServer((socket) => {
  seen.connections += 1
  socket.on('data', (chunk) => {
    const isGreeting = chunk[0] === 0x16 && chunk[5] === 0x01
    if (!(greets && isGreeting)) seen.bytes += chunk.length
  })
  socket.on('error', () => {})
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address()

/** A resolver that knows every name. */
const to =
  (...addresses) =>
  (_name, options, callback) => {
    const answers = addresses.map((address) => ({ address, family: 4 }))
    options.all ? callback(null, answers) : callback(null, answers[0].address, 4)
  }

/** An address that is public when it is judged, and this machine's own when it is connected to. */
const changing = (_name, _options, callback) => {
  let looks = 0
  const get = () => {
    looks += 1
    return looks === 1 ? '93.184.215.14' : '127.0.0.1'
  }
  callback(null, [Object.defineProperty({ family: 4 }, 'address', { get, enumerable: true })])
}

async function codeOf(host, options = {}, scheme = 'http') {
  const url = `${scheme}://${host}:${port}/tb/1`
  const network = { client: createHttpClient({ allowPorts: [port], totalTimeout: 5000, ...options }) }
  const codes = [
    await sendPing(url, { url: 'https://blog.example/' }, network).then(String, ({ code }) => code),
    await discover(url, network).then(String, ({ code }) => code),
    (await verifySource(url, 'https://my.blog/', network)).outcome,
  ]
  return codes.join(' ')
}

const blocked = 'BLOCKED_URL BLOCKED_URL blocked'
for (const host of [
  '127.0.0.1',
  '0x7f000001',
  '2130706433',
  '127.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  'localhost',
]) {
  equal(await codeOf(host), blocked, host)
}
equal(await codeOf(hostname()), blocked, 'a name that the system resolves')
for (const scheme of ['http', 'https']) {
  equal(await codeOf('blog.example', { lookup: to('127.0.0.1') }, scheme), blocked, `${scheme}, by its name`)
  const two = { lookup: to('93.184.215.14', '127.0.0.1') }
  equal(await codeOf('blog.example', two, scheme), blocked, `${scheme}, by the second address`)
}
equal(seen.connections, 0, 'nothing was connected to')
for (const scheme of ['http', 'https']) {
  equal(await codeOf('blog.example', { lookup: changing }, scheme), blocked, `${scheme}, by the socket`)
}
equal(seen.bytes, 0, 'nothing was sent')
equal(seen.connections, 6)
server.close()
console.log(`blocked everywhere, ${seen.connections} connections closed before a byte`)
