import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

// A client in a thread of its own, so that it sends while the server answers.

const { port, size, pieceSize, chunked, tries } = workerData

/** Sends a body over the limit, and reads what comes back; resolves to all of it. */
function send() {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1')
    socket.setEncoding('utf8')
    const length = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`
    const type = 'Content-Type: application/x-www-form-urlencoded'
    // After the connection is made each write is one of its own.
    socket.on('connect', () => {
      socket.write(
        `POST /tb/7 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${type}\r\n${length}\r\n\r\n`,
      )
      for (let sent = 0; sent < size; sent += pieceSize) {
        const piece = 'x'.repeat(Math.min(pieceSize, size - sent))
        socket.write(chunked ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece)
      }
      if (chunked) socket.write('0\r\n\r\n')
    })
    socket.on('data', (text) => {
      answer += text
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

const answers = []
while (answers.length < tries) answers.push(await send())
parentPort.postMessage(answers)
