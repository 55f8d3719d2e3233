export { type FastifyHost, toFastifyPlugin } from './receive/fastify-plugin.js'
