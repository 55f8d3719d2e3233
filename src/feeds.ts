export { renderAtom } from './render/atom.js'
export type { FeedPost, FeedView } from './render/feed.js'
export { type JsonFeed, type JsonFeedItem, renderJsonFeed } from './render/json-feed.js'
export { renderRss } from './render/rss.js'
