import type { Messages } from './messages.js'

/** Japanese. */
export const ja: Messages = {
  dir: 'ltr',
  heading: 'トラックバック',
  url: 'この記事のトラックバックURL:',
  intro: (title) =>
    title ? `この記事へのトラックバック一覧です: ${title}:` : 'この記事へのトラックバック一覧です:',
  count: (shown, total) => (shown === total ? `全${total}件` : `全${total}件のうち${shown}件`),
  empty: 'トラックバックはまだありません。',
  copy: 'コピー',
  copied: 'コピーしました',
  more: '続きのトラックバックを見る',
}
