import { nextMessage, startProcess } from './processes.js'

/** Processes that use one store at the same time. */
export interface StoreProcesses {
  /** Has all of them open the store behind an address at once, add the same trackback, and close it; their outcomes. */
  add(address: string): Promise<string[]>
  stop(): void
}

/** Starts so many of them. */
export async function startStoreProcesses(count: number): Promise<StoreProcesses> {
  const starting = Array.from({ length: count }, () => startProcess('store-process.ts', []))
  const children = (await Promise.all(starting)).map(({ child }) => child)
  return {
    add(address) {
      const answers = children.map((child) => nextMessage<string>(child))
      for (const child of children) child.send(address)
      return Promise.all(answers)
    },
    stop() {
      for (const child of children) child.kill()
    },
  }
}
