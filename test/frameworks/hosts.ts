// The hosts of docs/frameworks.md: what each needs beside the files of its section, how it is built and how it starts.
import type { Files } from './blocks.js'

/** A host, and how a project of it is made. */
export interface Host {
  readonly name: string
  /** The heading of its section in docs/frameworks.md. */
  readonly section: string
  /** What npm installs, each with its version; nothing where the development dependencies of the project are enough. */
  readonly packages?: readonly string[]
  /** Files of the framework's own, as its starter makes them. */
  readonly files?: Files
  /** What the section says of this host in words, done to a file. */
  readonly adapt?: (path: string, text: string) => string
  /** Where `trackbacks.ts` and `posts.ts` stand. @default '' */
  readonly folder?: string
  /** The commands that build it for production. */
  readonly build?: readonly (readonly string[])[]
  /** The command that starts it. @default ['node', 'server.ts'] */
  readonly start?: readonly string[]
  /** The requests that the framework answers by itself, although they are under the path of the receiver. */
  readonly ownAnswers?: readonly string[]
  /** How it ends on SIGTERM, if not with status 0: by the signal, once all is closed; or at once. */
  readonly end?: 'signal' | 'at once'
  /** Installed in seconds: part of `.ci/run`. */
  readonly isSmall?: boolean
}

const json = (value: unknown): string => JSON.stringify(value)
const bundled = {
  compilerOptions: {
    ...{ target: 'es2023', lib: ['dom', 'esnext'], module: 'esnext', moduleResolution: 'bundler' },
    ...{ strict: true, noEmit: true, skipLibCheck: true, jsx: 'react-jsx', allowImportingTsExtensions: true },
    ...{ esModuleInterop: true, resolveJsonModule: true, isolatedModules: true, paths: { '@/*': ['./*'] } },
  },
}
const react = [
  'react@19.3.1',
  'react-dom@19.3.1',
  '@types/react@19.3.3',
  'typescript@5.9.3',
  '@types/node@24.19.4',
]

const nest: Omit<Host, 'name'> = {
  section: 'Nest',
  packages: [
    ...['core', 'common', 'platform-express', 'platform-fastify'].map((name) => `@nestjs/${name}@12.5.0`),
    ...['reflect-metadata@0.2.2', 'rxjs@7', 'typescript@5.9.3', '@types/node@24.19.4'],
  ],
  files: {
    'tsconfig.json': json({
      compilerOptions: {
        ...{ target: 'es2023', module: 'nodenext', strict: true, skipLibCheck: true, outDir: 'dist' },
        ...{
          experimentalDecorators: true,
          emitDecoratorMetadata: true,
          rewriteRelativeImportExtensions: true,
        },
      },
      include: ['*.ts'],
    }),
  },
  build: [['npx', 'tsc']],
  end: 'signal',
}

/** Those that the development dependencies of the project can run: part of `npm test`. */
export const ownHosts: readonly Host[] = [
  { name: 'node:http', section: 'node:http' },
  { name: 'Express 5', section: 'Express' },
  { name: 'Fastify 5', section: 'Fastify' },
  { name: 'Koa 3', section: 'Koa' },
]

/** Those that are installed for the purpose. */
export const otherHosts: readonly Host[] = [
  { name: 'Express 4', section: 'Express', packages: ['express@4.22.3'], isSmall: true },
  { name: 'Hono', section: 'Hono', packages: ['hono@4.13.19', '@hono/node-server@2.1.9'], isSmall: true },
  { name: 'h3 2', section: 'h3', packages: ['h3@2.0.8'], isSmall: true },
  {
    ...{ name: 'srvx', section: 'srvx, Bun, Deno', packages: ['srvx@1.0.8'], isSmall: true },
    start: ['node', 'srvx.ts'],
  },
  { name: 'Bun', section: 'srvx, Bun, Deno', packages: [], isSmall: true, start: ['bun', 'bun.ts'] },
  { name: 'Deno', section: 'srvx, Bun, Deno', packages: [], isSmall: true, start: ['deno', 'deno.ts'] },
  {
    name: 'Elysia',
    section: 'Elysia',
    packages: ['elysia@1.4.30'],
    isSmall: true,
    start: ['bun', 'server.ts'],
  },
  {
    ...{
      name: 'webpack',
      section: 'node:http',
      packages: ['webpack@5', 'webpack-cli@7', 'ts-loader@9', 'typescript@5.9.3'],
    },
    files: {
      'webpack.config.cjs': `module.exports = {
  ...{ mode: 'production', target: 'node', entry: './server.ts', performance: { hints: false } },
  output: { filename: 'server.cjs', path: __dirname },
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  module: { rules: [{ test: /\\.ts$/, loader: 'ts-loader', options: { transpileOnly: true } }] },
}`,
      'tsconfig.json': json({
        compilerOptions: { ...bundled.compilerOptions, noEmit: false, rewriteRelativeImportExtensions: true },
      }),
    },
    build: [['npx', 'webpack']],
    start: ['node', 'server.cjs'],
  },
  { ...nest, name: 'Nest 12', start: ['node', 'dist/main.js'] },
  {
    ...{ ...nest, name: 'Nest 12 on Fastify', start: ['node', 'dist/fastify.js'] },
    adapt: (_, text) => text.replace("Get('*id')", "Get('*')").replace("Param('id')", "Param('*')"),
  },
  {
    ...{ name: 'Next 16', section: 'Next', folder: 'lib/', packages: ['next@16.4.6', ...react] },
    files: {
      'tsconfig.json': json({ ...bundled, include: ['**/*.ts', '**/*.tsx'], exclude: ['node_modules'] }),
      'app/layout.tsx': `export default function Layout({ children }: { children: React.ReactNode }) {
  return <html lang="en"><body>{children}</body></html>
}
`,
    },
    build: [['npx', 'next', 'build']],
    start: ['npx', 'next', 'start', '-p', '3000'],
    ownAnswers: ['without an id'],
    end: 'at once',
  },
  {
    ...{ name: 'Astro 7', section: 'Astro and SvelteKit', folder: 'src/lib/' },
    packages: ['astro@7.3.5', '@astrojs/node@11.1.6'],
    build: [['npx', 'astro', 'build']],
  },
  {
    ...{ name: 'SvelteKit 3', section: 'Astro and SvelteKit', folder: 'src/lib/server/' },
    adapt: (path, text) =>
      path === 'server.ts'
        ? text.replace('./dist/server/entry.mjs', './build/handler.js').replace('src/lib/', 'src/lib/server/')
        : text,
    packages: [
      ...['@sveltejs/kit@3.2.0', '@sveltejs/adapter-node@6.0.1', '@sveltejs/vite-plugin-svelte@7.3.1'],
      ...['svelte@5.57.3', 'vite@8.3.8'],
    ],
    files: {
      'src/app.html':
        '<!doctype html>\n<html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n',
    },
    build: [['npx', 'vite', 'build']],
  },
  {
    ...{ name: 'Nuxt 4', section: 'Nuxt', folder: 'server/utils/' },
    packages: ['nuxt@4.5.2', 'vue@3.5.45', 'vue-router@5.5.1', 'typescript@5.9.3'],
    files: {
      'nuxt.config.ts':
        "export default defineNuxtConfig({ compatibilityDate: '2026-01-01', telemetry: false })\n",
      'app/app.vue': '<template><NuxtPage /></template>\n',
    },
    build: [['npx', 'nuxt', 'build']],
    start: ['node', '.output/server/index.mjs'],
    ownAnswers: ['without an id'],
  },
  {
    ...{ name: 'React Router 8', section: 'React Router', folder: 'app/' },
    packages: [
      ...['react-router', '@react-router/dev', '@react-router/node', '@react-router/express'].map(
        (name) => `${name}@8.4.0`,
      ),
      ...['express@5.3.0', 'isbot@5.2.3', 'vite@8.3.8', ...react],
    ],
    files: {
      'vite.config.ts': `import { reactRouter } from '@react-router/dev/vite'
import { defineConfig } from 'vite'
export default defineConfig({ plugins: [reactRouter()] })
`,
      'app/root.tsx': `import { Links, Meta, Outlet, Scripts } from 'react-router'
export default function Root() {
  return (
    <html lang="en">
      <head><Meta /><Links /></head>
      <body><Outlet /><Scripts /></body>
    </html>
  )
}
`,
      'tsconfig.json': json(bundled),
    },
    build: [['npx', 'react-router', 'build']],
  },
]
