import type { Reason, ReasonCode, ReasonParameters } from '../base/reason.js'

/** A phrase for every reason there is. */
type Phrases = { readonly [code in ReasonCode]: string | ((parameters: ReasonParameters[code]) => string) }

const detail = (parameters: ReasonParameters['TIMEOUT']): string => parameters.detail

const en: Phrases = {
  linked: 'the page links to the post',
  'user-content': 'the only links to the post are in comments, trackbacks or other user content',
  'not-linked': 'the page does not link to the post',
  'not-a-page': 'the source is not a web page',
  'http-status': ({ status }) => `the page returned HTTP ${status}`,
  'own-post': 'the source is the post itself',
  'own-site': "the source is on the blog's own site",
  'blocked-source': 'the source is blocked',
  'same-page': 'the same page is the source of another trackback of this post',
  'post-not-found': 'its post was not found',
  'checks-object': 'the spam score is low',
  'author-decides': 'every trackback needs your approval',
  'no-result': 'no result',
  'check-failed': ({ error }) => (error === undefined ? 'failed' : `failed: ${error}`),
  'title-agrees': 'the title matches the page',
  'blog-name-agrees': 'the blog name matches the page',
  'nothing-agrees': 'neither title nor blog name matches the page',
  'top-page': 'the source is the top page of its site',
  'leads-to-top-page': 'the source leads to the top page of its site',
  'urls-in-text': ({ count }) => `${count} URLs in the text`,
  'mostly-url': 'the excerpt is mostly URL',
  'repeated-text': ({ count }) => `the same text in ${count} pings`,
  'known-host': 'the host has been published before',
  'blocked-address': "the client's address is blocked",
  'blocked-host': ({ host }) => `the host ${host} is blocked`,
  'blocked-word': ({ word }) => `the text contains '${word}'`,
  listed: ({ name }) => `listed as ${name}`,
  spam: 'spam',
  'blatant-spam': 'blatant spam',
  'not-spam': 'not spam',
  draft: 'the post is a draft',
  'not-published-yet': 'the post is not published yet',
  'linked-by-post': 'the post links to it',
  'given-by-author': 'the author gave the ping URL',
  'ping-url-found': detail,
  'ping-url-too-long': ({ limit }) => `its ping URL has more than ${limit} characters`,
  'no-ping-url': 'the page has no ping URL',
  'other-posts-only': 'no ping URL on the page matches this post',
  'same-ping-url': 'another target of the post has the same ping URL',
  'host-fails': 'the host is not responding',
  accepted: 'accepted',
  refused: 'refused',
  pause: 'the server asked to retry later',
  'no-answer': ({ status }) => `the ping URL returned HTTP ${status}, not a TrackBack response`,
  'own-failure': 'an error on our own side',
  BLOCKED_URL: detail,
  TIMEOUT: detail,
  NETWORK: detail,
  TOO_LARGE: detail,
  TOO_MANY_REDIRECTS: detail,
  INVALID_RESPONSE: detail,
  UNSUPPORTED_TYPE: detail,
  NO_SQLITE: detail,
  CLOSED: detail,
}

const ja: Phrases = {
  linked: 'ページに記事へのリンクがある',
  'user-content': '記事へのリンクがコメントやトラックバックなど、利用者の書き込みにしかない',
  'not-linked': 'ページに記事へのリンクがない',
  'not-a-page': '送信元がウェブページではない',
  'http-status': ({ status }) => `ページの応答がHTTP ${status}`,
  'own-post': '送信元が記事自身',
  'own-site': '送信元がこのブログ自身のサイトにある',
  'blocked-source': '送信元が拒否されている',
  'same-page': '同じページからのトラックバックがすでにある',
  'post-not-found': '対象の記事が見つからない',
  'checks-object': '判定の点数が低い',
  'author-decides': 'すべて管理者が判断する設定',
  'no-result': '該当なし',
  'check-failed': ({ error }) => (error === undefined ? '判定できなかった' : `判定できなかった(${error})`),
  'title-agrees': '題名がページと一致',
  'blog-name-agrees': 'ブログ名がページと一致',
  'nothing-agrees': '題名もブログ名もページと一致しない',
  'top-page': '送信元がサイトのトップページ',
  'leads-to-top-page': '送信元がサイトのトップページに転送される',
  'urls-in-text': ({ count }) => `本文にURLが${count}個`,
  'mostly-url': '概要のほとんどがURL',
  'repeated-text': ({ count }) => `同じ文面で${count}回目`,
  'known-host': '公開したことのあるホスト',
  'blocked-address': '送信者のアドレスが拒否リストにある',
  'blocked-host': ({ host }) => `ホスト${host}が拒否リストにある`,
  'blocked-word': ({ word }) => `本文に「${word}」がある`,
  listed: ({ name }) => `${name}として登録されている`,
  spam: 'スパム',
  'blatant-spam': '明らかなスパム',
  'not-spam': 'スパムではない',
  draft: '記事が下書き',
  'not-published-yet': '記事がまだ公開されていない',
  'linked-by-post': '記事からリンクしている',
  'given-by-author': '管理者が指定したトラックバックURL',
  'ping-url-found': 'ページにトラックバックURLがある',
  'ping-url-too-long': ({ limit }) => `トラックバックURLが${limit}文字を超えている`,
  'no-ping-url': 'ページにトラックバックURLがない',
  'other-posts-only': 'ページにほかの記事のトラックバックURLしかない',
  'same-ping-url': '同じトラックバックURLの送信先がほかにもある',
  'host-fails': '相手のホストが応答しない',
  accepted: '受け付けられた',
  refused: '断られた',
  pause: '相手から待つように求められた',
  'no-answer': ({ status }) => `トラックバックの応答ではなく、HTTP ${status}が返ってきた`,
  'own-failure': 'こちら側のエラー',
  BLOCKED_URL: '接続しないアドレス',
  TIMEOUT: '時間内に応答がない',
  NETWORK: '接続できない',
  TOO_LARGE: '応答が大きすぎる',
  TOO_MANY_REDIRECTS: '転送が多すぎる',
  INVALID_RESPONSE: '応答がHTTPとして読めない',
  UNSUPPORTED_TYPE: '読めない種類の文書',
  NO_SQLITE: 'SQLiteのドライバーがない',
  CLOSED: '終了した',
}

const languages = { en, ja }

/**
 * Says a reason (of a trackback, a check, or a delivery) in English or Japanese, as plain text; the words of a person
 * stay as they are. Throws a `TypeError` for another language.
 *
 * ```ts
 * const { deliveries } = (await sender.report(post.id)) ?? { deliveries: [] }
 * for (const { target, reason } of deliveries) console.log(target, reasonText(reason, 'ja'))
 * ```
 */
export function reasonText(reason: Reason, lang: 'en' | 'ja' = 'en'): string {
  if (!Object.hasOwn(languages, lang)) throw new TypeError(`there are no reasons in '${lang}', but in en, ja`)
  if (typeof reason === 'string') return reason
  // A release after this one may have kept a code that is unknown here.
  const phrase = languages[lang][reason.code] as string | ((parameters: Reason) => string) | undefined
  return typeof phrase === 'function' ? phrase(reason) : (phrase ?? reason.code)
}
