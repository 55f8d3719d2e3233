import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A script of this folder in a process of its own, and the first message that it sent. */
export interface Started<T> {
  readonly child: ChildProcess
  readonly message: T
}

/** Starts a script of this folder and waits for its first message. */
export async function startProcess<T>(script: string, args: readonly string[]): Promise<Started<T>> {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const child = fork(file, args, { execArgv: ['--import', 'tsx'] })
  // Not 'exit', which may come before the last message does.
  const exit = once(child, 'close').then(([code]) =>
    Promise.reject(new Error(`${script} ended with ${code}`)),
  )
  exit.catch(() => {})
  const [message] = (await Promise.race([once(child, 'message'), exit])) as [T]
  return { child, message }
}

/** Kills a process in the middle of what it does, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
