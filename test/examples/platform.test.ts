import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { describePostgres } from '../support/postgres.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

describePostgres('examples/platform', () => {
  beforeAll(() => {
    if (!existsSync(join(root, 'dist/index.js')))
      execFileSync('npm', ['run', 'build', '--silent'], { cwd: root })
  }, 60_000)

  it('takes and verifies every ping, and says which process did what', async () => {
    const args = ['--import', 'tsx', 'examples/platform/main.ts', '--pings', '300']
    const { DATABASE_URL: _, ...env } = process.env
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env })
    expect(stdout).toMatch(/^1000 blogs, 3 receivers, 3 workers, one PostgreSQL$/m)
    expect(stdout).toMatch(/^300 of 300 pings were accepted /m)
    expect(stdout).toMatch(/^300 are verified and shown /m)
    expect(stdout).toMatch(
      /^https:\/\/blog7\.example\/1 shows: Post 7 \(http:\/\/writer7\.example:\d+\/7\)$/m,
    )
    expect(stdout).toMatch(/^hanako sees: Post 7$/m)
    expect(stdout).toMatch(/^taro sees: Post 8$/m)
    expect(stdout).toMatch(
      /^https:\/\/platform\.example\/moderation\/trackback\/\d+ is 200 for taro, and 404 for hanako$/m,
    )
    const [, taken, seen] = /took (.*) pings; the workers looked at (.*) sources/.exec(stdout) ?? []
    expect(taken).toBe('100, 100, 100')
    expect(seen?.split(', ').reduce((sum, count) => sum + Number(count), 0)).toBe(300)
  }, 90_000)
})
