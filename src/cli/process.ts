import { Stopped } from './failures.js'
import { run } from './run.js'

const signals = { SIGINT: 2, SIGTERM: 15 } as const

/** Runs the command line of this process, and ends it. A second Ctrl-C ends it at once. */
export async function runProcess(): Promise<never> {
  const ending = new AbortController()
  for (const [name, number] of Object.entries(signals)) {
    process.once(name, () => ending.abort(new Stopped(128 + number)))
  }
  // Node says of its own SQLite that it is experimental; that is no news for who runs a command.
  process.removeAllListeners('warning')
  const { stdout, stderr, env } = process
  // Everything is written: what is left, such as a name that is still looked up, is not waited for.
  process.exit(await run(process.argv.slice(2), { stdout, stderr, env, signal: ending.signal }))
}
