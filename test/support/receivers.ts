import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Dispatcher, request } from 'undici'
import { form, formType } from './servers.js'

const script = fileURLToPath(new URL('receiver-process.ts', import.meta.url))

/** Starts a process, and resolves when it stands ready to be a receiver. */
export async function forkReceiver(): Promise<ChildProcess> {
  const child = fork(script, [], { execArgv: ['--import', 'tsx'] })
  await once(child, 'message')
  return child
}

/** Has a process that stands ready open the store behind an address, and resolves to the port it answers on. */
export async function openReceiver(child: ChildProcess, address: string): Promise<number> {
  const answer = once(child, 'message') as Promise<[{ port: number }]>
  child.send(address)
  return (await answer)[0].port
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
