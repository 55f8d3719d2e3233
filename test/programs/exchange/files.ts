import type { ImportedTrackback } from '../../../src/receive/moderation/import.js'
import { encodeText } from '../../../src/text/charset/encode.js'
import type { Charset } from '../../../src/text/charset/label.js'
import { escapeXml } from '../../../src/text/escape.js'

/** Trackbacks of a blog of long ago, under a few posts, in the order in which they came. */
export function oldTrackbacks(count: number): (ImportedTrackback & { receivedAt: number })[] {
  return Array.from({ length: count }, (_, index) => ({
    postId: `post-${index % 40}`,
    url: `http://blog${index % 300}.example/archives/${index}?a=1&b=2`,
    title: `JALの対応を評価する ${index} & <続き>`,
    excerpt: `昨日の記事「評価」を読んだ。${index}件目の感想です。`,
    blogName: `日記 ${index % 300}`,
    clientIp: `192.0.2.${index % 250}`,
    receivedAt: Date.UTC(2004, 0, 1, 12, 0, 0) + index * 3_600_000,
  }))
}

type Old = readonly (ImportedTrackback & { receivedAt: number })[]

function byPost(all: Old): [post: string, of: Old][] {
  const posts = [...new Set(all.map(({ postId }) => postId))]
  return posts.map((post) => [post, all.filter(({ postId }) => postId === post)])
}

const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const cdata = (text: string): string => `<![CDATA[${text}]]>`

/** An export as WordPress writes it, with a comment and a pingback under each post, and a post that shows an `</item>`. */
export function wxrOf(all: Old): string {
  const comment = (fields: Record<string, string>): string =>
    `<wp:comment>${Object.entries(fields)
      .map(([name, value]) => `<wp:comment_${name}>${value}</wp:comment_${name}>`)
      .join('\n')}<wp:commentmeta><wp:meta_key>x</wp:meta_key></wp:commentmeta></wp:comment>`
  const trackback = ({ url, title, excerpt, blogName, clientIp, receivedAt }: Old[number], index: number) =>
    comment({
      id: `${index + 1}`,
      author: cdata(html(blogName ?? '')),
      author_url: escapeXml(url),
      author_IP: cdata(clientIp ?? ''),
      date: cdata('2004-01-01 00:00:00'),
      date_gmt: cdata(new Date(receivedAt).toISOString().slice(0, 19).replace('T', ' ')),
      content: cdata(`<strong>${html(title ?? '')}</strong>\n\n${html(excerpt ?? '')}`),
      approved: cdata('1'),
      type: cdata('trackback'),
    })
  const other = comment({
    type: cdata(''),
    author_url: 'http://reader.example/',
    content: cdata('A comment'),
  })
  const items = byPost(all).map(
    ([post, of]) => `<item>
<title>${escapeXml(`About ${post} & more`)}</title>
<link>http://my.example/?p=${post}&amp;x=1</link>
<content:encoded>${cdata('How RSS looks: <item></item> <wp:comment>')}</content:encoded>
<wp:post_id>${post}</wp:post_id>
${other}${of.map(trackback).join('\n')}${other.replace(cdata(''), cdata('pingback'))}
</item>`,
  )
  return `<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file -->
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>日記</title>
${items.join('\n')}
</channel></rss>`
}

const two = (value: number): string => String(value).padStart(2, '0')

function mtDate(time: number): string {
  const date = new Date(time + 9 * 3_600_000)
  const hours = date.getUTCHours()
  const day = `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${date.getUTCFullYear()}`
  const clock = [hours % 12 || 12, date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
  return `${day} ${clock} ${hours < 12 ? 'AM' : 'PM'}`
}

/** An export as Movable Type writes it, with dates of Japan. */
export function movableTypeOf(all: Old, charset: Charset): Uint8Array {
  const ping = ({ url, title, excerpt, blogName, clientIp, receivedAt }: Old[number]): string =>
    `PING:\nTITLE: ${html(title ?? '')}\nURL: ${url}\nIP: ${clientIp}\nBLOG NAME: ${html(blogName ?? '')}\nDATE: ${mtDate(receivedAt)}\n${html(excerpt ?? '')}\n-----\n`
  const entries = byPost(all).map(
    ([
      post,
      of,
    ]) => `AUTHOR: 花子\nTITLE: ${post}について\nBASENAME: ${post}\nSTATUS: Publish\nDATE: 01/01/2004 09:00:00 AM
-----
BODY:
<p>本文です。URL: http://body.example/</p>
-----
COMMENT:
AUTHOR: 太郎
DATE: 01/02/2004 09:00:00 AM
コメントです。
-----
${of.map(ping).join('')}--------
`,
  )
  return encodeText(entries.join(''), charset)
}
