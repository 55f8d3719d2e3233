import type { Server } from 'node:http'
import { join } from 'node:path'
import { Blog } from './blog.js'
import { english, japanese, type Language } from './languages.js'
import { hostOf, listen, serve } from './server.js'

/** Two blogs that may link to each other, and how to close them. */
export interface Place {
  readonly japanese: Blog
  readonly english: Blog
  /** The Japanese post that everything here is about. */
  readonly target: string
  close(): Promise<void>
}

/** How the place is opened: below `folder` the blogs keep what they write; who knows the password may moderate. */
export interface PlaceOptions {
  readonly folder: string
  readonly password: string
  readonly portJa?: string | undefined
  readonly portEn?: string | undefined
}

/** Opens both blogs, each on its own port. The Japanese one shows what it verified; the English one asks its author. */
export async function openPlace({ folder, password, portJa, portEn }: PlaceOptions): Promise<Place> {
  const servers = [await listenOn(portJa, 4180), await listenOn(portEn, 4181)] as const
  const hosts = servers.map(hostOf)
  const [target, other] = [`http://${hosts[0]}/posts/60408081`, `http://${hosts[1]}/posts/7`]
  const start = async (language: Language, server: Server, suggestion: string): Promise<Blog> => {
    const origin = `http://${hostOf(server)}`
    const say = (what: string, detail: string) => narrate(language, what, detail)
    const own = { language, origin, folder: join(folder, language.lang), suggestion, password }
    const publish = language === english ? 'held' : 'verified'
    const blog = await Blog.open({ ...own, publish, allowHosts: hosts, say })
    serve(server, blog)
    say('listening', `${origin}/  ${language.name}`)
    return blog
  }
  const blogs = [await start(japanese, servers[0], other), await start(english, servers[1], target)] as const
  return { japanese: blogs[0], english: blogs[1], target, close: () => close(servers, blogs) }
}

/** One line for each thing that happens; what came over the network cannot steer the terminal. */
export function narrate({ lang }: Language, what: string, detail: string): void {
  console.log(`${lang}  ${what.padEnd(10)}  ${detail.replace(/\p{Cc}/gu, ' ')}`)
}

/** The port that was asked for; else the usual one, so that links of the last start still lead somewhere. */
async function listenOn(given: string | undefined, usual: number): Promise<Server> {
  if (given === undefined) return listen(usual).catch(() => listen(0))
  try {
    return await listen(Number(given))
  } catch (error) {
    throw new Error(`port ${given} cannot be used`, { cause: error })
  }
}

async function close(servers: readonly Server[], blogs: readonly Blog[]): Promise<void> {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  for (const blog of blogs) await blog.close()
}
