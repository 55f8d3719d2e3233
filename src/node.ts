export { type NodeHandler, type NodeHandlerOptions, toNodeHandler } from './receive/node-handler.js'
