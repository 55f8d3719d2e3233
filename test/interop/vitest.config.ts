import { defineConfig } from 'vitest/config'

// Software that others wrote takes part here: it is installed where that is allowed, and skipped by name elsewhere.
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    reporters: ['default', 'json'],
    outputFile: { json: 'coverage/interop.json' },
  },
})
