import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { generateFeedElements, parseFeed } from '../../src/protocol/feed.js'
import { escapeXml } from '../../src/text/escape.js'
import { describeWith, install, type Missing, type Programs } from './programs.js'

const items = [
  {
    link: 'http://blog.example/7',
    title: '「春」 & <more> 😀',
    pingUrl: 'http://blog.example/tb?id=7&lang=ja',
    about: ['http://other.example/tb/1?a=1&b=2', 'http://third.example/tb/2'],
  },
  { link: 'http://blog.example/8', title: 'Without others', pingUrl: 'http://blog.example/tb/8', about: [] },
]
const script = fileURLToPath(new URL('clients/feed.rb', import.meta.url))
const ruby = (args: readonly string[], input: string): string =>
  execFileSync('ruby', [script, ...args], { input, encoding: 'utf8' })

install('ruby')
describeWith(find(), 'Ruby’s rss library and we read each other’s feeds (PROTOCOL 71-74)', () => {
  it.each(['1.0', '2.0'])('RSS %s that it writes', (version) => {
    const feed = ruby(['write', version], JSON.stringify(items))
    expect(feed).toContain('trackback:about')
    expect(parseFeed(feed, { url: 'http://blog.example/feed' })).toEqual(items)
  })

  it('RSS 1.0 that we write', () => {
    const written = items.map(
      ({ link, title, ...trackback }) =>
        `<item rdf:about="${link}"><title>${escapeXml(title)}</title><link>${link}</link>
        ${generateFeedElements(trackback, 'rss1')}</item>`,
    )
    const list = items.map(({ link }) => `<rdf:li resource="${link}"/>`).join('')
    const feed = `<?xml version="1.0"?>
      <rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <channel rdf:about="http://blog.example/"><title>A blog</title><link>http://blog.example/</link>
      <description>A blog</description><items><rdf:Seq>${list}</rdf:Seq></items></channel>${written.join('')}</rdf:RDF>`
    expect(JSON.parse(ruby(['read'], feed))).toEqual(items)
  })

  it('RSS 2.0 that we write', () => {
    const written = items.map(
      ({ link, title, ...trackback }) =>
        `<item><title>${escapeXml(title)}</title><link>${link}</link>${generateFeedElements(trackback, 'rss2')}</item>`,
    )
    const feed = `<?xml version="1.0"?><rss version="2.0"><channel><title>A blog</title>
      <link>http://blog.example/</link><description>A blog</description>${written.join('')}</channel></rss>`
    expect(JSON.parse(ruby(['read'], feed))).toEqual(items)
  })
})

function find(): { programs: Programs } | Missing {
  try {
    const flags = ['-rrss', '-e', 'print RUBY_VERSION, " ", RSS::VERSION']
    const [version = '', rss = ''] = execFileSync('ruby', flags, { encoding: 'utf8', stdio: 'pipe' }).split(
      ' ',
    )
    return { programs: { Ruby: version, rss } }
  } catch {
    return { missing: 'Ruby with its rss library is not installed' }
  }
}
