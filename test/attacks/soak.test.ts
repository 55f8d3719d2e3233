import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Agent, request } from 'undici'
import { expect, it, onTestFinished } from 'vitest'
import { toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { openSqlite } from '../../src/sql/sqlite/open.js'
import { openRates } from '../support/open-rates.js'
import { bodyOf, clientFor, serve } from '../support/servers.js'

/** The suite runs a short form; `SOAK_SECONDS=600 npx vitest run test/attacks/soak` the long one. */
const seconds = Number(process.env['SOAK_SECONDS'] ?? 6)
const formType = 'application/x-www-form-urlencoded'

it(
  `a live server under ${seconds} s of mixed load: no 5xx, flat memory, nothing accepted is missing`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
    const store = openSqlite(join(folder, 'soak.db'))
    const errors: unknown[] = []
    const source = await serve(async (incoming, response) => {
      await bodyOf(incoming)
      const number = Number(incoming.url?.slice(1))
      if (number % 7 === 0) setTimeout(() => response.end('slow'), 300)
      else response.end(number % 2 ? '<a href="http://my.example/7">x</a>' : '<!--'.repeat(5000))
    })
    const receiver = createReceiver({
      baseUrl: 'http://127.0.0.1/tb/',
      findPost: (id) => ({ id, url: 'http://my.example/7' }),
      store,
      verifyAfter: 0,
      rateLimits: openRates,
      client: clientFor(source.host),
      onError: (error) => errors.push(error),
    })
    const { origin, host } = await serve(toNodeHandler(receiver))
    const agent = new Agent({ connections: 16 })
    onTestFinished(async () => {
      await agent.destroy()
      await receiver.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const end = Date.now() + seconds * 1000
    const statuses = new Map<number, number>()
    const accepted: string[] = []
    let sent = 0

    const post = async (path: string, body: string | Buffer, contentType = formType): Promise<string> => {
      const headers = { 'content-type': contentType }
      const answer = await request(`${origin}${path}`, { method: 'POST', body, headers, dispatcher: agent })
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
      return answer.body.text()
    }
    const valid = async (): Promise<void> => {
      sent += 1
      const url = `${source.origin}/${sent}`
      const answer = await post(
        '/tb/7',
        `url=${url}&title=%E6%97%A5%E6%9C%AC&excerpt=${'x'.repeat(200)}&blog_name=b`,
      )
      if (answer.includes('<error>0</error>')) accepted.push(url)
    }
    const broken = async (): Promise<void> => {
      await post('/tb/7', '')
      await post('/tb/7', '&&&=&%%%&url=%FF%FE&charset=UTF-7&title=%00')
      await post('/nowhere', 'url=http://a.example/')
      await post('/tb/7', '{"url":1}', 'application/json')
    }
    const hostile = async (): Promise<void> => {
      await post('/tb/7', `url=${source.origin}/h&title=${encodeURIComponent('<'.repeat(20_000))}`)
      await post('/tb/7', `url=x&title=${'%E3%81'.repeat(10_000)}`)
      await post('/tb/7', `url=${'x'.repeat(80_000)}`).catch(() => {})
      await post('/tb/7', Buffer.alloc(60_000, 0x1b))
    }
    const slow = async (): Promise<void> => {
      const [name = '', port] = host.split(':')
      const socket = connect(Number(port), name)
      socket.on('error', () => {})
      socket.write(
        `POST /tb/7 HTTP/1.1\r\nHost: x\r\nContent-Type: ${formType}\r\nContent-Length: 100\r\n\r\nurl=`,
      )
      await new Promise((resolve) => setTimeout(resolve, 100))
      socket.destroy()
    }
    const workers = [valid, valid, valid, valid, valid, valid, broken, hostile, slow, slow]
    const delays = monitorEventLoopDelay({ resolution: 5 })
    delays.enable()
    const memory: number[] = []
    const sampling = setInterval(() => memory.push(process.memoryUsage().rss / 1024 / 1024), 250)
    await Promise.all(
      workers.map(async (work) => {
        while (Date.now() < end) {
          await work()
          await new Promise((resolve) => setTimeout(resolve, 4))
        }
      }),
    )
    clearInterval(sampling)
    delays.disable()

    let missing = 0
    for (const url of accepted) if ((await store.find('7', url)) === null) missing += 1
    const third = Math.floor(memory.length / 3)
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
    const growth = mean(memory.slice(-third)) - mean(memory.slice(third, 2 * third))
    console.log(
      `${accepted.length} accepted, ${missing} missing, statuses ${JSON.stringify([...statuses])}, ` +
        `event loop p99 ${(delays.percentile(99) / 1e6).toFixed(1)} ms, memory +${growth.toFixed(1)} MB in the last third`,
    )
    expect(accepted.length).toBeGreaterThan(100)
    expect(missing).toBe(0)
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
    expect(errors).toEqual([])
    expect(growth).toBeLessThan(64)
  },
  seconds * 1000 + 60_000,
)
