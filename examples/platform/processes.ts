import { type ChildProcess, fork, type Serializable } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Settings } from './blogs.js'

/** What this process was told when it was started. */
export function told(): Settings {
  return JSON.parse(process.argv[2] ?? '{}')
}

/** Starts a script of this folder in a process of its own, and waits until it says that it is ready. */
export async function start(
  script: string,
  settings: Settings,
): Promise<{ child: ChildProcess; ready: string }> {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const child = fork(file, [JSON.stringify(settings)], { execArgv: ['--import', 'tsx'] })
  const [ready] = (await once(child, 'message')) as [string]
  return { child, ready }
}

/** Says something to a process, and resolves to its answer. */
export async function ask(child: ChildProcess, words: Serializable): Promise<number> {
  const answer = once(child, 'message') as Promise<[number]>
  child.send(words)
  return (await answer)[0]
}

/** Tells the parent that this process is ready, and ends it, with its count, when the parent asks for that or is gone. */
export function serve(ready: string, count: () => number, close: () => Promise<void>): void {
  process.once('message', async () => {
    await close()
    process.send?.(count(), () => process.disconnect())
  })
  process.on('disconnect', () => process.exit())
  process.send?.(ready)
}
