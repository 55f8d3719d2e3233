export { type FastifyHost, toFastifyPlugin } from './receive/hosts/fastify-plugin.js'
