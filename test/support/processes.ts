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
  return { child, message: await nextMessage<T>(child) }
}

/** Resolves to the next message of a process; rejects when it ends without one. */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const listening = new AbortController()
  const { signal } = listening
  // Not 'exit', which may come before the last message does.
  const end = once(child, 'close', { signal }).then(([code, by]) =>
    Promise.reject(new Error(`${child.spawnargs.at(-1)} ended with ${code ?? by}`)),
  )
  end.catch(() => {})
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), end])) as [T]
    return message
  } finally {
    listening.abort()
  }
}

/** Kills a process in the middle of what it does, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
