export { renderAtom } from './feeds/atom.js'
export type { FeedPost, FeedView } from './feeds/feed.js'
export { type JsonFeed, type JsonFeedItem, renderJsonFeed } from './feeds/json-feed.js'
export { renderRss } from './feeds/rss.js'
