// server.ts
import express from 'express'
import { toNodeHandler } from 'trackbacks/node'
import { postPage } from './page.ts'
import { posts } from './posts.ts'
import { trackbacks } from './trackbacks.ts'

const { receiver, moderation, close } = trackbacks()
const app = express()
app.use(toNodeHandler(receiver)) // before express.urlencoded() and express.json()
app.use(toNodeHandler(moderation)) // after the session, if authorize reads it
app.use('/post', async (request, response) => {
  const post = posts.get(decodeURIComponent(request.path.slice(1)))
  if (post) response.send(await postPage(post))
  else response.sendStatus(404)
})

const server = app.listen(3000)
process.once('SIGTERM', () => server.close(() => void close()))
