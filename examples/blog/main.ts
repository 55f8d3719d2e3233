import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { japanese } from './languages.js'
import { html } from './pages.js'
import { narrate, openPlace, type Place, type PlaceOptions } from './place.js'

const reply = {
  title: 'A good answer to a bad day',
  text: 'A blog from Tokyo tells of a night in Naha when somebody came back at eight with nothing new, and said so.',
}

const options = {
  /** Play it through and end. */
  once: { type: 'boolean', default: false },
  /** Where the blogs keep what they write. */
  data: { type: 'string', default: fileURLToPath(new URL('data', import.meta.url)) },
  'port-ja': { type: 'string' },
  'port-en': { type: 'string' },
  /** What the browser asks for at the pages for the author. */
  password: { type: 'string', default: randomBytes(6).toString('base64url') },
} as const

async function main(): Promise<void> {
  const { once, data, 'port-ja': portJa, 'port-en': portEn, password } = parseArgs({ options }).values
  if (once) return playOnce({ password, portJa: portJa ?? '0', portEn: portEn ?? '0' })
  const place = await openPlace({ folder: data, password, portJa, portEn })
  console.log(`\nThis post waits for trackbacks: ${place.target}`)
  console.log('Write about it on the front page of the English blog. Ctrl-C ends both.')
  console.log(`What comes to the English blog waits for its author: ${place.english.origin}/moderation/`)
  console.log(`The browser asks for a name, which may be any, and for the password: ${password}\n`)
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, resolve)
  })
  await place.close()
}

/** The whole way, in a folder of its own that is removed at the end. */
async function playOnce(options: Omit<PlaceOptions, 'folder'>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'trackbacks-'))
  try {
    const place = await openPlace({ ...options, folder })
    await replyAndLook(place).finally(place.close)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Publishes a reply on the English blog, and looks until a reader of the Japanese post sees it there. */
async function replyAndLook({ english, target }: Place): Promise<void> {
  const { id, url } = await english.publish({ ...reply, link: target })
  for (let looks = 0; looks < 150; looks++) {
    const page = await (await fetch(target)).text()
    const [, ...items] = page.split('<li class="trackback ')
    if (items.some((item) => item.includes(`href="${html(url)}"`) && item.includes(reply.title))) {
      return narrate(japanese, 'fetched', `${target} shows the trackback from ${url}`)
    }
    await sleep(100)
  }
  const [delivery] = (await english.sender.report(id))?.deliveries ?? []
  throw new Error(
    `${target} does not show the trackback from ${url}: the ping is ${delivery?.state}, ${delivery?.reason}`,
  )
}

main().catch((error: Error) => {
  console.error(`failed: ${error.message}`)
  process.exit(1)
})
