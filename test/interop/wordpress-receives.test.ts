import { afterAll, describe, expect, it } from 'vitest'
import type { Ping } from '../../src/base/types.js'
import { readAnswer } from '../../src/send/result.js'
import { type SendPingOptions, sendPing } from '../../src/send/send-ping.js'
import { clientFor, formType } from '../support/servers.js'
import {
  europeanPings,
  japanesePings,
  koreanPings,
  type SamplePing,
  simplifiedPings,
  traditionalPings,
} from '../text/sample-pings.js'
import { describeWith } from './programs.js'
import { storedByWordPress } from './wordpress/stored.js'
import { pings } from './wordpress/texts.js'
import {
  type NewPost,
  type PublishedPost,
  prettyPermalinks,
  startWordPress,
  type WordPress,
} from './wordpress/wordpress.js'

const fromBlog = (samples: readonly SamplePing[]): Ping[] =>
  samples.map((sample, index) => ({ ...sample, url: `https://blog.example/${index}` }))

/** Every n-th, so that all titles and excerpts come by. */
const some = (samples: readonly SamplePing[]) => fromBlog(samples.filter((_, index) => index % 7 === 0))

const every = <T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<unknown> => {
  const left = [...items]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  return Promise.all(Array.from({ length: 8 }, worker))
}

describeWith(await startWordPress(), 'WordPress takes our pings', (wordpress) => {
  afterAll(() => wordpress.stop())
  const send = (pingUrl: string, ping: Ping, options: SendPingOptions = {}) =>
    sendPing(pingUrl, ping, { client: clientFor(wordpress.host), ...options })

  describe.each([
    { permalinks: '', form: /\/wp-trackback\.php\?p=\d+$/ },
    { permalinks: prettyPermalinks, form: /\/\d+\/\d+\/a-post[-\d]*\/trackback\/$/ },
  ])('with permalinks $permalinks', ({ permalinks, form }) => {
    const newPost = async (
      options: Readonly<Record<string, string>> = {},
      changes: Partial<NewPost> = {},
    ) => {
      await wordpress.options({ permalink_structure: permalinks, interop_flood: 'off', ...options })
      const post = await publishOne(wordpress, changes)
      expect(post.pingUrl).toMatch(form)
      return post
    }

    it('stores every character of a ping in UTF-8 as WordPress is known to store text', async () => {
      const post = await newPost()
      for (const ping of pings) {
        const result = await send(post.pingUrl, ping)
        expect(result).toEqual({ outcome: 'accepted', status: 200, pingUrl: post.pingUrl })
      }
      expect(await wordpress.comments(post.id)).toEqual(pings.map(storedByWordPress))
    })

    it.each([
      ['euc-jp', some(japanesePings).filter(isInStandard)],
      ['shift_jis', some(japanesePings).filter(isInStandard)],
      ['euc-kr', some(koreanPings)],
      ['windows-1252', some(europeanPings)],
    ])('PROTOCOL 104: reads %s from the field that names it', async (charset, samples) => {
      const post = await newPost()
      for (const ping of samples) await send(post.pingUrl, ping, { charset })
      expect(samples.length).toBeGreaterThan(10)
      expect(await wordpress.comments(post.id)).toEqual(samples.map(storedByWordPress))
    })

    it('PROTOCOL 28: refuses a ping that it has already', async () => {
      const post = await newPost()
      const ping = { url: 'https://blog.example/twice', title: 'Twice' }
      expect(await send(post.pingUrl, ping)).toMatchObject({ outcome: 'accepted' })
      expect(await send(post.pingUrl, ping)).toEqual({
        outcome: 'refused',
        code: 1,
        message: 'There is already a ping from that URL for this post.',
        status: 200,
        pingUrl: post.pingUrl,
      })
      expect(await wordpress.comments(post.id)).toHaveLength(1)
    })

    it('PROTOCOL 102: refuses a ping to a closed post', async () => {
      const post = await newPost({}, { ping_status: 'closed' })
      const result = await send(post.pingUrl, { url: 'https://blog.example/1' })
      expect(result).toMatchObject({
        outcome: 'refused',
        message: 'Sorry, trackbacks are closed for this item.',
      })
      expect(await wordpress.comments(post.id)).toEqual([])
    })

    it('PROTOCOL 10: stores a ping without title, excerpt and blog name, since none is sent empty', async () => {
      const post = await newPost()
      const url = 'https://blog.example/bare'
      expect(await send(post.pingUrl, { url })).toMatchObject({ outcome: 'accepted' })
      const filled = { url, title: url, excerpt: url, blogName: 'blog.example' }
      expect(await wordpress.comments(post.id)).toEqual([storedByWordPress(filled)])
    })

    it('PROTOCOL 102: says nothing to a ping without a title, and that is unrecognised', async () => {
      const post = await newPost()
      const body = 'url=https%3A%2F%2Fblog.example%2F1&blog_name=B'
      const response = await fetch(post.pingUrl, {
        method: 'POST',
        body,
        headers: { 'content-type': formType },
      })
      const { status, headers } = response
      const answer = { url: post.pingUrl, status, header: (name: string) => headers.get(name) }
      const said = new Uint8Array(await response.arrayBuffer())
      expect(readAnswer(answer, said)).toMatchObject({ outcome: 'unrecognised', status: 200, snippet: '' })
    })

    it('PROTOCOL 103: throttles the second ping within 15 seconds, with another document', async () => {
      const post = await newPost({ interop_flood: 'on' })
      await send(post.pingUrl, { url: 'https://blog.example/1', title: 'One' })
      expect(await send(post.pingUrl, { url: 'https://blog.example/2', title: 'Two' })).toEqual({
        outcome: 'throttled',
        message: 'You are posting comments too quickly. Slow down.',
        status: 429,
        pingUrl: post.pingUrl,
      })
    })

    it('PROTOCOL 103: refuses the same text from another page', async () => {
      const post = await newPost()
      const text = { title: 'Same', excerpt: 'Same', blogName: 'Same' }
      await send(post.pingUrl, { ...text, url: 'https://blog.example/1' })
      expect(await send(post.pingUrl, { ...text, url: 'https://blog.example/2' })).toMatchObject({
        outcome: 'refused',
        code: 409,
        message: expect.stringContaining('Duplicate comment detected'),
      })
    })
  })

  it('PROTOCOL 102: a post that is not there is unrecognised, an ID that is not there refused', async () => {
    await wordpress.options({ permalink_structure: prettyPermalinks, interop_flood: 'off' })
    const ping = { url: 'https://blog.example/1' }
    const absent = `${wordpress.origin}/2026/01/no-such-post/trackback/`
    expect(await send(absent, ping)).toMatchObject({ outcome: 'unrecognised', status: 404 })
    expect(await send(`${wordpress.origin}/wp-trackback.php?p=1`, ping)).toMatchObject({
      outcome: 'refused',
      message: 'I really need an ID for this to work.',
      status: 404,
    })
  })

  it('the tables of WordPress for EUC-JP and Shift_JIS lack ①, ㈱ and 髙, and have another ～', async () => {
    await wordpress.options({ permalink_structure: '', interop_flood: 'off' })
    const { id, pingUrl } = await publishOne(wordpress)
    const text = { title: '①㈱髙～', excerpt: 'その後', blogName: 'ブログ' }
    for (const charset of ['euc-jp', 'shift_jis']) {
      await send(pingUrl, { ...text, url: `https://blog.example/${charset}` }, { charset })
    }
    const stored = await wordpress.comments(id)
    expect(stored.map(({ author }) => author)).toEqual(['ブログ', 'ブログ'])
    for (const { content } of stored) expect(content).toMatch(/^<strong>\?{3,5}〜<\/strong>\n\nその後$/)
  })

  it('stores 1,000 pings in one run, each as it was sent', async () => {
    await wordpress.options({ permalink_structure: prettyPermalinks, interop_flood: 'off' })
    const { id, pingUrl } = await publishOne(wordpress)
    const samples = [japanesePings, koreanPings, simplifiedPings, traditionalPings, europeanPings].flat()
    const many = fromBlog([...samples, ...samples].slice(0, 1000)).map((ping, index) => ({
      ...ping,
      title: `${ping.title} ${index}`,
    }))
    let accepted = 0
    const start = performance.now()
    await every(many, async (ping) => {
      if ((await send(pingUrl, ping)).outcome === 'accepted') accepted += 1
    })
    const seconds = (performance.now() - start) / 1000
    const stored = new Map((await wordpress.comments(id)).map((comment) => [comment.url, comment]))
    const right = many.filter((ping) => isStored(stored.get(ping.url), ping)).length
    console.log(`1,000 pings in ${seconds.toFixed(1)} s: ${accepted} accepted, ${right} stored right`)
    expect(Math.min(accepted, right)).toBeGreaterThanOrEqual(990)
    expect(stored.size).toBe(accepted)
  })
})

async function publishOne(wordpress: WordPress, changes: Partial<NewPost> = {}): Promise<PublishedPost> {
  const [post] = await wordpress.publish([{ post_title: 'A post', post_content: 'Words', ...changes }])
  if (!post) throw new Error('WordPress published nothing')
  return post
}

/** Whether a ping has only characters of JIS X 0201 and 0208, without the extensions of Windows. */
function isInStandard({ title, excerpt, blogName }: Ping): boolean {
  return !/[①-⑳Ⅰ-Ⅻ㈱髙～é]/u.test(`${title}${excerpt}${blogName}`)
}

function isStored(comment: unknown, ping: Ping): boolean {
  return JSON.stringify(comment) === JSON.stringify(storedByWordPress(ping))
}
