// server.ts
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { postPage } from './page.ts'
import { posts } from './posts.ts'
import { trackbacks } from './trackbacks.ts'

const { receiver, moderation, close } = trackbacks()
const app = new Hono()
app.all('/trackback/*', (context) => {
  return receiver.fetch(context.req.raw, { clientIp: getConnInfo(context).remote.address })
})
app.all('/moderation/*', (context) => moderation.fetch(context.req.raw))
app.get('/post/:id{.+}', async (context) => {
  const post = posts.get(context.req.param('id'))
  return post ? context.html(await postPage(post)) : context.notFound()
})

const server = serve({ fetch: app.fetch, port: 3000 })
process.once('SIGTERM', () => server.close(() => void close()))
