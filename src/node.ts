export { type NodeHandler, type NodeHandlerOptions, toNodeHandler } from './receive/hosts/node-handler.js'
