import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  createHttpClient,
  createReceiver,
  createSender,
  type HttpClient,
  makeExcerpt,
  type Post,
  type Receiver,
  type ReceiverEvent,
  reasonText,
  renderTrackbacks,
  type Sender,
  type SenderEvent,
  type Store,
} from 'trackbacks'
import { createModerationHandler, type ModerationHandler } from 'trackbacks/moderation'
import { openSqlite } from 'trackbacks/sqlite'
import { authorOf, challenge } from './author.js'
import type { Language } from './languages.js'
import { html, indexPage, postPage } from './pages.js'
import { type BlogPost, readPosts, writePost } from './posts.js'

/** What the form of the blog sends. */
export interface Draft {
  readonly title: string
  readonly text: string
  readonly link: string
}

export interface BlogOptions {
  readonly language: Language
  /** Where the blog's server listens: `http://127.0.0.1:4180`. */
  readonly origin: string
  /** Where the blog keeps what it writes. */
  readonly folder: string
  /** A post of the other blog, suggested in the form. */
  readonly suggestion: string
  /** The two blogs: addresses of this machine are refused unless they are named here. */
  readonly allowHosts: readonly string[]
  /** Whether trackbacks are shown once they are verified, or wait for the author. */
  readonly publish: 'verified' | 'held'
  /** Who knows it may moderate. */
  readonly password: string
  /** Tells what happens. */
  readonly say: (what: string, detail: string) => void
}

export class Blog {
  readonly receiver: Receiver
  readonly sender: Sender
  /** The page on which the author decides what is shown, and sees what became of what was sent. */
  readonly moderation: ModerationHandler
  readonly #options: BlogOptions
  readonly #posts: BlogPost[]
  readonly #store: Store
  readonly #client: HttpClient

  /** Opens a blog with the posts that came with it and those that were written. */
  static async open(options: BlogOptions): Promise<Blog> {
    const supplied = fileURLToPath(new URL(`posts/${options.language.lang}`, import.meta.url))
    return new Blog(options, await readPosts([supplied, writtenBy(options)]))
  }

  private constructor(options: BlogOptions, posts: BlogPost[]) {
    this.#options = options
    this.#posts = posts
    this.#store = openSqlite(join(options.folder, 'trackbacks.db'))
    const client = createHttpClient({ allowHosts: options.allowHosts, site: options.origin })
    this.#client = client
    this.receiver = createReceiver({
      baseUrl: `${options.origin}/t/trackback/`,
      findPost: (id) => this.#findPost(id),
      store: this.#store,
      client,
      publish: options.publish,
      onEvent: (event) => this.#narrateReceived(event),
    })
    this.sender = createSender({
      store: this.#store,
      blogName: options.language.name,
      site: options.origin,
      client,
      onEvent: (event) => this.#narrateSent(event),
    })
    this.moderation = createModerationHandler(this.receiver, {
      baseUrl: `${options.origin}/moderation/`,
      authorize: (request) => this.authorOf(request) ?? challenge,
      sender: this.sender,
      lang: options.language.lang,
      timeZone: options.language.timeZone,
    })
  }

  indexPage(): string {
    return indexPage(this.#options.language, this.#posts, this.#options.suggestion)
  }

  /** The page of a post: its autodiscovery goes into the head, its trackbacks under the text. */
  async postPage(number: string): Promise<string | null> {
    const { language } = this.#options
    const blogPost = this.#posts.find((candidate) => candidate.number === number)
    if (!blogPost) return null
    const post = this.#describe(blogPost)
    const { lang, timeZone } = language
    const list = renderTrackbacks(await this.receiver.view(post), { lang, timeZone })
    return postPage(language, blogPost, this.receiver.autodiscovery(post), list)
  }

  get origin(): string {
    return this.#options.origin
  }

  /** The name of the author, where a request is the author's. */
  authorOf(request: IncomingMessage): string | null {
    return authorOf(request, this.#options.password)
  }

  /** Keeps a post and announces it: every page it links to hears of it, in its own time. */
  async publish({ title, text, link }: Draft): Promise<{ id: string; url: string }> {
    const number = String(Math.max(0, ...this.#posts.map((post) => Number(post.number))) + 1)
    const blogPost = { number, title, date: new Date(), link, html: `<p>${html(text)}</p>` }
    this.#posts.unshift(blogPost)
    await writePost(writtenBy(this.#options), blogPost)
    const post = this.#describe(blogPost)
    this.#options.say('published', `${title}: ${post.url}`)
    await this.sender.announce({ ...post, html: `${blogPost.html}<a href="${html(link)}">${html(link)}</a>` })
    return { id: post.id, url: post.url }
  }

  async close(): Promise<void> {
    await this.sender.close()
    await this.receiver.close()
    await this.#client.close()
    await this.#store.close()
  }

  /** What the receiver asks: which post has this ping URL? */
  #findPost(id: string): Post | null {
    const { number } = this.#options.language
    const found = this.#posts.find((post) => id === `${number}/${post.number}`)
    return found ? this.#describe(found) : null
  }

  /** A post as TrackBack sees it. */
  #describe({ number, title, html: text }: BlogPost): Post {
    const { language, origin } = this.#options
    const url = `${origin}/posts/${number}`
    return { id: `${language.number}/${number}`, url, title, excerpt: makeExcerpt(text) }
  }

  #narrateSent({ type, delivery }: SenderEvent): void {
    const { say, language } = this.#options
    const { target, pingUrl, reason, answer } = delivery
    if (type === 'found') say('found', `a link to ${target}`)
    else if (type === 'discovered') say(type, `${pingUrl} in ${target}`)
    else if (answer === null) say(type, `${target}: ${reasonText(reason)}`)
    else {
      const { url, title, excerpt } = this.#findPost(delivery.postId) ?? {}
      say('sent', `to ${pingUrl}`)
      const ping = { url, title, excerpt, blogName: language.name }
      for (const [name, value] of Object.entries(ping)) say('', `${name}: ${value}`)
      say('answered', `${type}, HTTP ${answer.status}`)
    }
  }

  #narrateReceived({ type, trackback }: ReceiverEvent): void {
    const { say } = this.#options
    const post = this.#findPost(trackback.postId)
    if (type === 'received') say(type, `${trackback.title}: ${trackback.url}`)
    else if (type === 'verified')
      say(type, `${trackback.url}: ${reasonText(trackback.verification?.reason ?? '')}`)
    else if (type === 'published') say('shown', `${post?.url}#trackback-${trackback.id}`)
    else say(type, trackback.url)
  }
}

function writtenBy({ folder }: BlogOptions): string {
  return join(folder, 'posts')
}
