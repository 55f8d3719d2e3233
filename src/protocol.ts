export { type FeedItem, generateFeedElements, parseFeed } from './protocol/feed.js'
export { generateLink, generateLinkHeader, type HeaderLink, parseLinkHeader } from './protocol/link.js'
export {
  generatePing,
  type ParsePingOptions,
  parsePing,
  type ReceivedPing,
  type UnreadablePing,
} from './protocol/ping.js'
export { generatePingList, type ListedPing, type PingList, parsePingList } from './protocol/ping-list.js'
export { generateRdf, parseRdf, type RdfAnnouncement, type RdfDescription } from './protocol/rdf.js'
export { generateResponse, type PingResponse, parseResponse } from './protocol/response.js'
