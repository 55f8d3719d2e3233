import type { Messages } from './messages.js'

/** Chinese in traditional characters, as in Taiwan, Hong Kong and Macau. */
export const zhHant: Messages = {
  dir: 'ltr',
  heading: '引用通告',
  url: '本文的引用網址：',
  intro: (title) => (title ? `引用本文「${title}」的文章：` : '引用本文的文章：'),
  count: (shown, total) => (shown === total ? `共 ${total} 則` : `共 ${total} 則，顯示其中 ${shown} 則`),
  empty: '尚無引用通告。',
  copy: '複製',
  copied: '已複製',
  more: '查看更多引用通告',
}
