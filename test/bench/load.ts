// A load of pings, in a process of its own: keep-alive connections on which one ping follows the answer to the last.
// Arguments: port, path, connections, milliseconds, posts, and `apart` where each ping is of a host of its own. Where `posts` is not 0, the number of a post follows the path,
// another one for each ping. Sends its parent { answered, failed, seconds }: the seconds until the last answer, since what
// was sent before the end is waited for.
import { connect } from 'node:net'

const [port = 0, , connections = 0, milliseconds = 0, posts = 0] = process.argv.slice(2).map(Number)
const path = process.argv[3] ?? '/'
const isApart = process.argv[7] === 'apart'
const start = performance.now()
const end = start + milliseconds
const success = Buffer.from('<error>0</error>')
const answerEnd = Buffer.from('</response>')
let answered = 0
let failed = 0
let sent = 0
let open = connections
let lastAnswer = start

/** No two pings of a run, of this process or another, name the same source or have the same text. */
function nextPing(): string {
  sent += 1
  const number = String(sent).padStart(9, '0')
  const host = isApart ? `blog-${process.pid}-${number}.example` : 'blog.example'
  const url = encodeURIComponent(`https://${host}/${process.pid}/${number}`)
  const body = `title=A+post+about+yours+${process.pid}+${sent}&url=${url}&excerpt=I+read+it%2C+and+this+is+what+I+think+of+it&blog_name=A+blog`
  return (
    `POST ${path}${posts > 0 ? scattered(sent) % posts : ''} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
    'Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n' +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  )
}

/** Numbers that follow each other, far apart from each other. */
function scattered(number: number): number {
  return Math.imul(number + process.pid, 0x9e3779b1) >>> 0
}

for (let index = 0; index < connections; index += 1) {
  let isWaiting = false
  const socket = connect(port, '127.0.0.1', ping)
  function ping(): void {
    isWaiting = true
    socket.write(nextPing())
  }
  socket.on('data', (chunk) => {
    if (!chunk.includes(answerEnd)) return
    isWaiting = false
    lastAnswer = performance.now()
    if (chunk.includes(success)) answered += 1
    else failed += 1
    if (lastAnswer < end) ping()
    else socket.end()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    if (isWaiting) failed += 1
    open -= 1
    if (open === 0) process.send?.({ answered, failed, seconds: (lastAnswer - start) / 1000 })
  })
}
