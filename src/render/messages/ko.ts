import type { Messages } from './messages.js'

/** Korean. */
export const ko: Messages = {
  dir: 'ltr',
  heading: '트랙백',
  url: '이 글의 트랙백 주소:',
  intro: (title) => (title ? `이 글에 달린 트랙백 목록입니다: ${title}` : '이 글에 달린 트랙백 목록입니다:'),
  count: (shown, total) => (shown === total ? `트랙백 ${total}개` : `트랙백 ${total}개 중 ${shown}개`),
  empty: '아직 트랙백이 없습니다.',
  copy: '복사',
  copied: '복사했습니다',
  more: '트랙백 더 보기',
}
