import { execFile, execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { Ping } from '../../src/base/types.js'
import { europeanPings, japanesePings, koreanPings, type SamplePing } from '../text/sample-pings.js'
import { serveBlog } from './blog.js'
import { describeWith, install, type Missing, type Programs } from './programs.js'

/** A program with its standard HTTP client, the script it runs, and how it says its version. */
interface Client {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  readonly version: readonly [string, ...string[]]
  /** How it is handed its forms. */
  readonly input: (forms: readonly Record<string, string>[]) => string
}

const script = (name: string): string => fileURLToPath(new URL(`clients/${name}`, import.meta.url))
const lines = (forms: readonly Record<string, string>[]): string =>
  forms.map(({ title, excerpt, blog_name, url }) => `${title}\n${excerpt}\n${blog_name}\n${url}\n`).join('')

const clients: readonly Client[] = [
  { name: 'curl', command: ['sh', script('ping.sh')], version: ['curl', '--version'], input: lines },
  {
    name: 'PHP with its curl extension',
    command: ['php', script('ping.php'), 'curl'],
    version: ['php', '-r', 'mb_language(); curl_version(); echo PHP_VERSION;'],
    input: JSON.stringify,
  },
  {
    name: 'PHP with a stream context',
    command: ['php', script('ping.php'), 'stream'],
    version: ['php', '-r', 'mb_language(); echo PHP_VERSION;'],
    input: JSON.stringify,
  },
  {
    name: 'Python with urllib',
    command: ['python3', script('ping.py')],
    version: ['python3', '--version'],
    input: JSON.stringify,
  },
  {
    name: 'Perl with HTTP::Tiny',
    command: ['perl', script('ping.pl')],
    version: ['perl', '-MHTTP::Tiny', '-MJSON::PP', '-MEncode', '-e', 'print $^V'],
    input: JSON.stringify,
  },
  {
    name: 'Ruby with net/http',
    command: ['ruby', script('ping.rb')],
    version: ['ruby', '-rnet/http', '-rjson', '-e', 'print RUBY_VERSION'],
    input: JSON.stringify,
  },
]

/** Texts of each charset as all of these programs know it: none of the characters that only Windows has. */
const texts: Readonly<Record<string, readonly SamplePing[]>> = {
  'UTF-8': [
    ...some(japanesePings),
    ...some(koreanPings),
    { title: '😀 & "quotes" + C:\\', excerpt: '𠮷野家 ①㈱ 1 < 2', blogName: 'Q & A' },
  ],
  'EUC-JP': some(japanesePings, /[①-⑳Ⅰ-Ⅻ㈱髙～éｦ-ﾟ]/u),
  Shift_JIS: some(japanesePings, /[①-⑳Ⅰ-Ⅻ㈱髙～éｦ-ﾟ]/u),
  'ISO-2022-JP': some(japanesePings, /[①-⑳Ⅰ-Ⅻ㈱髙～éｦ-ﾟ]/u),
  'EUC-KR': some(koreanPings),
  'ISO-8859-1': some(europeanPings, /[^\0-\xff]/u),
}

function some(samples: readonly SamplePing[], without?: RegExp): SamplePing[] {
  const whole = samples.filter((sample) => !without?.test(Object.values(sample).join('')))
  const step = Math.ceil(whole.length / 9)
  return whole.filter(({ excerpt }, index) => index % step === 0 && !excerpt.includes('<p>'))
}

const declarations = ['header', 'field', 'undeclared']

install('curl', 'php-cli', 'php-curl', 'php-mbstring', 'python3', 'perl', 'ruby')
for (const client of clients) {
  describeWith(find(client), `${client.name} pings our blog`, () => {
    it.each(Object.entries(texts))(
      'PROTOCOL 79, 80: each character arrives in %s',
      async (charset, samples) => {
        expect(samples.length).toBeGreaterThan(4)
        const blog = await serveBlog([], { publish: 'always' })
        const sent: Ping[] = []
        for (const declared of declarations) {
          const pings = samples.map((sample, index) => ({
            ...sample,
            url: `https://blog.example/${declared}/${index}`,
          }))
          const answers = await run(client, [blog.pingUrl, charset, declared], pings)
          expect(answers.match(/<error>0<\/error>/g)).toHaveLength(pings.length)
          sent.push(...pings)
        }
        const shown = await blog.shown()
        expect(shown.map(({ url, title, excerpt, blogName }) => ({ url, title, excerpt, blogName }))).toEqual(
          sent.map(({ url, title, excerpt, blogName }) => ({ url, title, excerpt, blogName })),
        )
      },
    )
  })
}

/** Asks for its version; a program that cannot say it, or lacks what the script needs, is missing. */
function find({ name, version: [program, ...flags] }: Client): { programs: Programs } | Missing {
  try {
    const said = execFileSync(program, flags, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return { programs: { [name.replace(/ with .*/, '')]: /\d+(?:\.\d+)+/.exec(said)?.[0] ?? said.trim() } }
  } catch {
    return { missing: `${name} is not installed` }
  }
}

async function run(
  { command, input }: Client,
  args: readonly string[],
  pings: readonly Ping[],
): Promise<string> {
  const [program, ...first] = command
  const forms = pings.map(({ blogName, url, title, excerpt }) => {
    return { title: title ?? '', url, excerpt: excerpt ?? '', blog_name: blogName ?? '' }
  })
  const running = promisify(execFile)(program, [...first, ...args], { encoding: 'utf8' })
  running.child.stdin?.end(input(forms))
  return (await running).stdout
}
