import { afterAll, expect, it, vi } from 'vitest'
import { escapeHtml } from '../../src/text/escape.js'
import {
  europeanPings,
  japanesePings,
  koreanPings,
  simplifiedPings,
  traditionalPings,
} from '../text/sample-pings.js'
import { type Blog, serveBlog } from './blog.js'
import { describeWith } from './programs.js'
import { type NewPost, prettyPermalinks, startWordPress } from './wordpress/wordpress.js'

/** A post as its author writes it, to which a link to our post is added, and what our blog is to show of it. */
interface Written {
  readonly post: NewPost
  readonly title: string
  readonly excerpt: string
}

const written: readonly Written[] = [
  {
    post: {
      post_title: 'JALの対応を評価する',
      post_content: '<p>先日の記事を読んで、考えました。「はい」①㈱髙橋、ﾃｽﾄ、𠮷野家。</p>',
    },
    title: 'JALの対応を評価する',
    excerpt: '先日の記事を読んで、考えました。「はい」①㈱髙橋、ﾃｽﾄ、𠮷野家。 link',
  },
  {
    post: {
      post_title: '봄날의 산책',
      post_content: '어제는 날씨가 <b>좋아서</b>\n\n공원까지 걸어갔다 왔습니다.',
    },
    title: '봄날의 산책',
    excerpt: '어제는 날씨가 좋아서 공원까지 걸어갔다 왔습니다. link',
  },
  {
    // WordPress writes typographic quotes, dashes and dots, and sends them as references.
    post: {
      post_title: 'Köln & "Tokyo" -- it\'s here...',
      post_content: 'She said "yes" & it\'s 1 < 2 + 3 <em>here</em>.',
    },
    title: 'Köln & “Tokyo” — it’s here…',
    excerpt: 'She said “yes” & it’s 1 < 2 + 3 here. link',
  },
  {
    post: {
      post_title: '😀 👩‍👩‍👧 naïve façade',
      post_content: 'Ærø, Łódź 🎌 &copy; &eacute; 100 % + more C:\\\\temp',
    },
    title: '😀 👩‍👩‍👧 naïve façade',
    excerpt: 'Ærø, Łódź 🎌 © é 100 % + more C:\\temp link',
  },
  {
    post: { post_title: 'Its own excerpt', post_content: 'The text.', post_excerpt: '抜粋 & more' },
    title: 'Its own excerpt',
    excerpt: '抜粋 & more',
  },
  {
    post: { post_title: '長い記事', post_content: '長い本文です。'.repeat(60) },
    title: '長い記事',
    excerpt: `${'長い本文です。'.repeat(36)}…`, // 252 characters
  },
]

describeWith(await startWordPress(), 'WordPress pings our blog', (wordpress) => {
  afterAll(() => wordpress.stop())

  /** Publishes posts that link to ours, has WordPress send, and waits until as many trackbacks are shown. */
  async function publishAndSend(blog: Blog, posts: readonly NewPost[]) {
    const link = `<p><a href="${blog.post.url}">link</a></p>`
    const published = await wordpress.publish(
      posts.map((post) => ({ ...post, post_content: post.post_content + link, to_ping: blog.pingUrl })),
    )
    await wordpress.cron()
    const options = { timeout: 60_000, interval: 200 }
    await vi.waitFor(async () => expect(await blog.shown()).toHaveLength(posts.length), options)
    return published
  }

  it.each([
    { permalinks: 'pretty', structure: prettyPermalinks },
    { permalinks: 'plain', structure: '' },
  ])(
    'PROTOCOL 105: each character arrives, is verified and shown, with $permalinks permalinks',
    async (site) => {
      await wordpress.options({ permalink_structure: site.structure })
      const blog = await serveBlog([wordpress.host])
      const published = await publishAndSend(
        blog,
        written.map(({ post }) => post),
      )
      const expected = written.map(({ title, excerpt }, index) => {
        return { url: published[index]?.url, title, excerpt, blogName: 'Wörd & Press' }
      })
      const shown = (await blog.shown()).map(({ url, title, excerpt, blogName }) => ({
        url,
        title,
        excerpt,
        blogName,
      }))
      const byUrl = (a: { url?: string | undefined }, b: { url?: string | undefined }) =>
        (a.url ?? '').localeCompare(b.url ?? '')
      expect(shown.sort(byUrl)).toEqual(expected.sort(byUrl))

      const page = await blog.page()
      for (const { url, title, excerpt } of shown) {
        for (const text of [url, title, excerpt]) expect(page).toContain(escapeHtml(text))
      }
    },
  )

  it('WordPress counts a ping as sent once it was answered', async () => {
    const blog = await serveBlog([wordpress.host])
    const [post] = await publishAndSend(blog, [{ post_title: 'Sent', post_content: 'Words' }])
    expect((await wordpress.pinged(post?.id ?? 0)).map((urls) => urls.trim())).toEqual(['', blog.pingUrl])
  })

  it('stores and shows each of 50 posts that are sent in one go', async () => {
    await wordpress.options({ permalink_structure: prettyPermalinks })
    const blog = await serveBlog([wordpress.host])
    const samples = [japanesePings, koreanPings, simplifiedPings, traditionalPings, europeanPings].flat()
    const posts = [...new Map(samples.map((sample) => [sample.excerpt, sample])).values()]
      .filter(({ excerpt }) => !excerpt.includes('<'))
      .map(({ title, excerpt }, index) => ({
        post_title: `${title} ${index}`,
        post_content: excerpt,
        post_name: `post-${index}`,
      }))
    expect(posts.length).toBeGreaterThanOrEqual(50)
    const published = await publishAndSend(blog, posts)
    const shown = new Map((await blog.shown()).map((trackback) => [trackback.url, trackback]))
    for (const [index, { post_title: title, post_content: content }] of posts.entries()) {
      const url = published[index]?.url ?? ''
      expect(shown.get(url)).toMatchObject({ title, excerpt: `${content} link`, blogName: 'Wörd & Press' })
    }
  })
})
