import type { Messages } from './messages.js'

/** Chinese in simplified characters. */
export const zh: Messages = {
  dir: 'ltr',
  heading: '引用通告',
  url: '本文的引用地址：',
  intro: (title) => (title ? `引用本文《${title}》的文章：` : '引用本文的文章：'),
  count: (shown, total) => (shown === total ? `共 ${total} 条` : `共 ${total} 条，显示其中 ${shown} 条`),
  empty: '暂无引用通告。',
  copy: '复制',
  copied: '已复制',
  more: '查看更多引用通告',
}
