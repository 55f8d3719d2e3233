import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Begins with what takes longest, so that no worker is left with it at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      /crash|browser|duplicates|process|examples|announce|verify-job|source-rule|hostile|damaged|multiplied/.test(
        moduleId,
      )
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig(({ mode }) => ({
  test: {
    // How often the tests repeat what chance decides: npm test, and npm run test:all.
    env: { TRACKBACK_STRENGTH: process.env['TRACKBACK_STRENGTH'] ?? (mode === 'full' ? '1' : '0.1') },
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/interop/*.test.ts'], // npm run test:interop
    // Tests clean up behind them, so that a worker keeps its modules from file to file. Many wait more than they compute.
    isolate: false,
    maxWorkers: availableParallelism() * 3,
    sequence: { sequencer: LongestFirst },
    css: true, // the text of a stylesheet, where code has it in itself
    testTimeout: mode === 'full' ? 120_000 : 30_000,
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
}))
