import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/interop/*.test.ts'], // npm run test:interop
    testTimeout: 30_000,
    coverage: {
      provider: 'v8',
      reportsDirectory: 'coverage/report',
      include: ['src/**/*.ts'],
      // What reads the bytes of strangers, and what reaches out to them.
      thresholds: {
        'src/text/**': { branches: 95 },
        'src/protocol/**': { branches: 95 },
        'src/http/**': { branches: 95 },
      },
    },
  },
})
