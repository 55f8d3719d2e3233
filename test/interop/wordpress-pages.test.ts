import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { discover } from '../../src/discover/discover.js'
import { createSender } from '../../src/send/outbox/sender.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { clientFor } from '../support/servers.js'
import { describeWith } from './programs.js'
import { storedByWordPress } from './wordpress/stored.js'
import { type NewPost, type PublishedPost, prettyPermalinks, startWordPress } from './wordpress/wordpress.js'

const titles = ['JALの対応を評価する', 'Q & A -- "quoted" <b>bold</b>', '한국어 😀']

describeWith(await startWordPress(), 'We find the ping URLs of WordPress', (wordpress) => {
  afterAll(() => wordpress.stop())
  const client = clientFor(wordpress.host)
  const newPost = (title: string): NewPost => ({ post_title: title, post_content: 'Words' })

  describe.each([
    { permalinks: prettyPermalinks, form: /\/\d+\/\d+\/[^/]+\/trackback\/$/ },
    { permalinks: '', form: /\/wp-trackback\.php\?p=\d+$/ },
  ])('with permalinks $permalinks', ({ permalinks, form }) => {
    const publish = async (posts: readonly NewPost[]): Promise<PublishedPost[]> => {
      await wordpress.options({ permalink_structure: permalinks, interop_flood: 'off' })
      return wordpress.publish(posts)
    }

    it('PROTOCOL 63: in the embedded RDF that its template tag writes', async () => {
      for (const { url, pingUrl } of await publish(titles.map(newPost))) {
        const found = await discover(url, { client })
        expect(found.pingUrl).toBe(pingUrl)
        expect(found.pingUrl).toMatch(form)
        expect(found.candidates[0]).toMatchObject({ source: 'rdf', match: 'exact', identifier: url })
      }
    })

    it('and none on the page of a post that is closed for pings', async () => {
      const [post] = await publish([{ ...newPost('Closed'), ping_status: 'closed' }])
      expect((await discover(post?.url ?? '', { client })).pingUrl).toBeNull()
    })

    it('a post of ours that links to posts there is announced to each, and each stores it', async () => {
      const posts = await publish(titles.map(newPost))
      const store = createMemoryStore()
      const sender = createSender({ store, blogName: 'ある日の日記', client, limits: { spacing: 1 } })
      onTestFinished(() => sender.close())
      const ping = {
        url: 'https://my.example/2026/11/春',
        title: '「春」の話 & more',
        excerpt: 'リンク: 1 < 2 + 3',
        blogName: 'ある日の日記',
      }
      const html = posts
        .map(({ url }) => `<p><a href="${url.replaceAll('&', '&amp;')}">link</a></p>`)
        .join('')
      await sender.announce({ ...ping, id: '7', html })
      const report = await sender.settled('7')
      const accepted = report?.deliveries.filter(({ state }) => state === 'accepted') ?? []
      expect(new Set(accepted.map(({ pingUrl }) => pingUrl))).toEqual(
        new Set(posts.map(({ pingUrl }) => pingUrl)),
      )
      for (const { id } of posts) expect(await wordpress.comments(id)).toEqual([storedByWordPress(ping)])
    })
  })
})
