import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../../support/ports.js'
import { install, type Missing, type Programs } from '../programs.js'

/** A WordPress that runs on this machine, for one file of tests or one benchmark. */
export interface WordPress {
  /** `http://127.0.0.1:PORT`, where the blog is. */
  readonly origin: string
  /** `127.0.0.1:PORT`, as `allowHosts` takes it. */
  readonly host: string
  readonly programs: Programs
  /** Writes posts and publishes them, as the editor does. */
  publish(posts: readonly NewPost[]): Promise<PublishedPost[]>
  /** What the table `wp_comments` holds for a post, oldest first. */
  comments(postId: number): Promise<Comment[]>
  /** The ping URLs of a post that are still to be pinged, and those that have been. */
  pinged(postId: number): Promise<[toPing: string, pinged: string]>
  /** Sets options of the blog. */
  options(values: Readonly<Record<string, string>>): Promise<void>
  /** Runs wp-cron.php to its end: that is when WordPress sends its pings. */
  cron(): Promise<void>
  /** Ends it and removes what it kept. */
  stop(): Promise<void>
}

/** A post as WordPress' `wp_insert_post` takes it; `to_ping` names ping URLs, one in a line. */
export interface NewPost {
  readonly post_title: string
  readonly post_content: string
  readonly post_excerpt?: string
  readonly post_name?: string
  readonly ping_status?: 'open' | 'closed'
  readonly to_ping?: string
}

/** A post that is out. */
export interface PublishedPost {
  readonly id: number
  readonly url: string
  /** What WordPress itself says that its ping URL is. */
  readonly pingUrl: string
}

/** A row of `wp_comments`. */
export interface Comment {
  readonly type: string
  readonly author: string
  readonly url: string
  readonly content: string
}

/** Permalinks by title: the ping URL of a post is then its own URL and `trackback/`. */
export const prettyPermalinks = '/%year%/%monthnum%/%postname%/'

const packages = ['wordpress', 'wordpress-theme-twentytwentythree', 'php', 'php-cli', 'php-fpm', 'php-mysql']
const more = [
  'php-mbstring',
  'php-xml',
  'php-curl',
  'mariadb-server-core',
  'mariadb-client-core',
  'nginx-light',
]

/** Starts a WordPress with a database of its own, installing what is missing where that is allowed. */
export async function startWordPress(): Promise<WordPress | Missing> {
  install(...packages, ...more)
  const port = await freePort()
  const script = fileURLToPath(new URL('serve.sh', import.meta.url))
  const server = spawn('bash', [script, String(port)], { stdio: ['pipe', 'pipe', 'pipe'] })
  const errors: string[] = []
  server.stderr.on('data', (chunk) => errors.push(String(chunk)))
  const [line] = await Promise.race([once(server.stdout, 'data'), once(server, 'exit').then(() => [''])])
  if (String(line) === '') return { missing: errors.join('').trim() || 'it did not start' }
  return blogOf(server, String(line).trim(), port)
}

async function blogOf(server: ChildProcess, folder: string, port: number): Promise<WordPress> {
  const runPhp = phpIn(folder)
  const site = async <T>(command: string, input?: unknown): Promise<T> =>
    JSON.parse(await runPhp('site.php', command, JSON.stringify(input))) as T
  const versions = await site<Programs>('versions')
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    programs: { ...versions, nginx: nginxVersion() },
    publish: (posts) => site('posts', posts),
    comments: (postId) => site('comments', postId),
    pinged: (postId) => site('pinged', postId),
    options: (values) => site('options', values),
    cron: () => runPhp('www/wp-cron.php').then(() => {}),
    async stop() {
      const ended = once(server, 'exit')
      server.stdin?.end()
      await ended
    },
  }
}

/** Runs scripts of the blog's folder by the account that owns it. */
function phpIn(folder: string): (script: string, ...rest: readonly string[]) => Promise<string> {
  const owner = process.getuid?.() === 0 ? { uid: accountId('-u'), gid: accountId('-g') } : {}
  return async (script, ...rest) => {
    const options = { ...owner, cwd: folder, maxBuffer: 2 ** 26 }
    const { stdout } = await promisify(execFile)('php', [`${folder}/${script}`, ...rest], options)
    return stdout
  }
}

function accountId(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'www-data']))
}

function nginxVersion(): string {
  const said = execFileSync('sh', ['-c', 'nginx -v 2>&1'], { encoding: 'utf8' })
  return /[\d.]+/.exec(said)?.[0] ?? 'unknown'
}
