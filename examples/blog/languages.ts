/** What differs between the two blogs: everything a reader reads. */
export interface Language {
  readonly lang: 'en' | 'ja'
  readonly timeZone: string
  /** The blog's number: its posts are 18521/60408081 and so on, as the hosts of old counted them. */
  readonly number: string
  readonly name: string
  readonly motto: string
  readonly posts: string
  readonly write: string
  readonly title: string
  readonly text: string
  readonly link: string
  readonly publish: string
  /** For the author: what came in, and what became of what went out. */
  readonly forAuthor: string
  readonly moderation: string
  readonly sent: string
}

export const japanese: Language = {
  lang: 'ja',
  timeZone: 'Asia/Tokyo',
  number: '18521',
  name: '空の便り',
  motto: '空港と空の上で考えたこと',
  posts: '記事一覧',
  write: '記事を書く',
  title: '題名',
  text: '本文',
  link: 'リンク先の記事',
  publish: '公開する',
  forAuthor: '管理用',
  moderation: 'トラックバック管理',
  sent: '送信したトラックバック',
}

export const english: Language = {
  lang: 'en',
  timeZone: 'America/New_York',
  number: '4',
  name: 'Window Seat',
  motto: 'Notes from row 23',
  posts: 'Posts',
  write: 'Write a post',
  title: 'Title',
  text: 'Text',
  link: 'The post it links to',
  publish: 'Publish',
  forAuthor: 'For the author',
  moderation: 'Moderate trackbacks',
  sent: 'Trackbacks sent',
}
