// The rest of the world: sends pings to the receivers in turn, a few at a time.
import { createHttpClient, sendPing } from 'trackbacks'
import { blogs, writerOf } from './blogs.js'
import { told } from './processes.js'

const { receivers, writersPort } = told()
const allowHosts = receivers.map((receiver) => new URL(receiver).host)
const atOnce = 64
const client = createHttpClient({ allowHosts, maxConnectionsPerHost: atOnce })

async function send(nth: number): Promise<boolean> {
  const source = `http://${writerOf(nth, writersPort)}/${nth}`
  const pingUrl = `${receivers[nth % receivers.length]}blog${nth % blogs}/1`
  const ping = { url: source, title: `Post ${nth}`, excerpt: 'I read this.', blogName: 'A writer' }
  return (await sendPing(pingUrl, ping, { client })).outcome === 'accepted'
}

async function sendRange(from: number, to: number): Promise<number> {
  let next = from
  let accepted = 0
  const sendOnAndOn = async (): Promise<void> => {
    while (next < to) {
      next += 1
      if (await send(next - 1)) accepted += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sendOnAndOn))
  return accepted
}

process.on('message', async ({ from, to }: { from: number; to: number }) => {
  const accepted = await sendRange(from, to)
  process.send?.(accepted, () => process.disconnect())
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
