import type { ChildProcess } from 'node:child_process'
import { type Dispatcher, request } from 'undici'
import { nextMessage, startProcess } from './processes.js'
import { form, formType } from './servers.js'

/** Starts a process, and resolves when it stands ready to be a receiver. */
export async function forkReceiver(): Promise<ChildProcess> {
  const { child } = await startProcess('receiver-process.ts', [])
  return child
}

/** Has a process that stands ready open the store behind an address, and resolves to the port it answers on. */
export async function openReceiver(child: ChildProcess, address: string): Promise<number> {
  const answer = nextMessage<{ port: number }>(child)
  child.send(address)
  return (await answer).port
}

/** Sends a ping, and resolves to the answer's body. */
export async function sendTo(port: number, url: string, dispatcher: Dispatcher): Promise<string> {
  const { body } = await request(`http://127.0.0.1:${port}/trackback/7`, {
    method: 'POST',
    headers: { 'content-type': formType },
    body: form({ url, title: 'A title', excerpt: 'An excerpt', blog_name: 'A blog' }),
    dispatcher,
  })
  return body.text()
}
