export type { Authorization, BlogAuthor, Denial } from './programs/moderation-page/authorize.js'
export { createModerationHandler, type ModerationHandler } from './programs/moderation-page/handler.js'
export type { ModerationHandlerOptions } from './programs/moderation-page/options.js'
