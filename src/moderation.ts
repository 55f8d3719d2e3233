export type { Authorization, Denial } from './receive/moderation-page/authorize.js'
export { createModerationHandler, type ModerationHandler } from './receive/moderation-page/handler.js'
export type { ModerationHandlerOptions } from './receive/moderation-page/options.js'
