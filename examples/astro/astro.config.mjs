// astro.config.mjs
import node from '@astrojs/node'
import { defineConfig } from 'astro/config'
import { toNodeHandler } from 'trackbacks/node'

/** `astro dev` refuses pings, too. */
const pingsInDev = {
  name: 'trackbacks',
  hooks: {
    async 'astro:server:setup'({ server }) {
      const { trackbacks } = await server.ssrLoadModule('/src/lib/trackbacks.ts')
      server.middlewares.use(toNodeHandler(trackbacks().receiver))
    },
  },
}

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'middleware' }),
  integrations: [pingsInDev],
})
