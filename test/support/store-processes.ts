import { nextMessage, startProcess } from './processes.js'
import type { StoreTask } from './store-process.js'

/** Processes that use one store at the same time. */
export interface StoreProcesses {
  /** Has all of them open the store behind an address at once, add the same trackback, and close it; their outcomes. */
  add(address: string): Promise<string[]>
  /** Has all of them bring the tables in a file of SQLite to the next version at once; their outcomes. */
  upgrade(file: string): Promise<string[]>
  stop(): void
}

/** Starts so many of them. */
export async function startStoreProcesses(count: number): Promise<StoreProcesses> {
  const starting = Array.from({ length: count }, () => startProcess('store-process.ts', []))
  const children = (await Promise.all(starting)).map(({ child }) => child)

  function haveAll(told: StoreTask): Promise<string[]> {
    const answers = children.map((child) => nextMessage<string>(child))
    for (const child of children) child.send(told)
    return Promise.all(answers)
  }

  return {
    add: (address) => haveAll({ task: 'add', address }),
    upgrade: (address) => haveAll({ task: 'upgrade', address }),
    stop() {
      for (const child of children) child.kill()
    },
  }
}
