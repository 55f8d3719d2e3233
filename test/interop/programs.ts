import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, it } from 'vitest'

/** Names of programs and their versions. */
export type Programs = Readonly<Record<string, string>>

/** What could not be started here, and why. */
export interface Missing {
  readonly missing: string
}

declare module 'vitest' {
  interface TaskMeta {
    /** The programs of others that took part in a test; the JSON report holds them. */
    programs?: Programs
  }
}

/** Installs Debian packages where this process may; otherwise what needs them says that it misses them. */
export function install(...packages: readonly string[]): void {
  const script = fileURLToPath(new URL('install.sh', import.meta.url))
  try {
    execFileSync('bash', [script, ...packages], { stdio: ['ignore', 'ignore', 'inherit'] })
  } catch {
    // The script has said on standard error what is not installed.
  }
}

/**
 * Declares tests that need something started: `body` is called with it. Where it could not be started they are reported
 * as skipped, with the reason. Each result names the programs that took part, and they are printed at the end.
 */
export function describeWith<T extends { readonly programs: Programs }>(
  started: T | Missing,
  name: string,
  body: (started: T) => void,
): void {
  if ('missing' in started) {
    describe.skip(`${name} (skipped: ${started.missing})`, () => it('skipped', () => {}))
    return
  }
  const { programs } = started
  describe(name, () => {
    beforeEach(({ task }) => {
      task.meta.programs = programs
    })
    afterAll(() => console.log(`${name}: with ${inWords(programs)}`))
    body(started)
  })
}

function inWords(programs: Programs): string {
  return Object.entries(programs)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}
