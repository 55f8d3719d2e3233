import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { addressOfHost } from '../base/address.js'
import { TrackbackError } from '../base/errors.js'
import { type Guard, portOf } from './guard.js'

interface Target {
  readonly protocol: string
  readonly hostname: string
  readonly host?: string
  readonly servername?: string
}

type Callback = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void

/**
 * Opens the connections, at most `max` of them: each by a guarded lookup, each within its time, its address judged
 * once more before a byte is sent. Where there are too many, idle ones make room, and what cannot have one waits.
 */
export class Connections {
  readonly #open = new Map<Socket, () => boolean>()
  readonly #wanted = new Map<string, number>()
  readonly #queue: (() => void)[] = []

  constructor(
    private readonly guard: Guard,
    private readonly timeout: number,
    private readonly max: number,
  ) {}

  /** Says that a request to `origin` begins. */
  enter(origin: string): void {
    this.#wanted.set(origin, this.#requestsTo(origin) + 1)
  }

  /** Says that a request to `origin` is over; without any, no connection to it is made. */
  leave(origin: string): void {
    const left = this.#requestsTo(origin) - 1
    if (left > 0) this.#wanted.set(origin, left)
    else this.#wanted.delete(origin)
    if (this.#queue.length > 0) setImmediate(() => this.#evict())
  }

  #requestsTo(origin: string): number {
    return this.#wanted.get(origin) ?? 0
  }

  /** The connector for one of undici's clients, which has one connection; `isIdle` says whether it needs it now. */
  connector(isIdle: () => boolean): (target: Target, callback: Callback) => void {
    return (target, callback) => {
      const url = new URL(`${target.protocol}//${target.host ?? target.hostname}`)
      // Also asked for by undici itself, for a request that was given up while it was under way.
      const start = () => {
        if (!this.#wanted.has(url.origin)) return callback(new Error('no longer wanted'), null)
        try {
          this.#start(url, target.servername, isIdle, callback)
        } catch (error) {
          callback(error as Error, null)
        }
      }
      if (this.#open.size < this.max) start()
      else this.#queue.push(start)
      this.#evict()
    }
  }

  /** Closes every connection, also those that are being made. */
  destroy(): void {
    for (const socket of this.#open.keys()) socket.destroy()
  }

  #start(url: URL, servername: string | undefined, isIdle: () => boolean, callback: Callback): void {
    const socket = dial(url, servername, this.guard.lookupFor(url))
    const timer = setTimeout(() => socket.destroy(timedOut(url.hostname, this.timeout)), this.timeout)
    const settle = (error: Error | null) => {
      clearTimeout(timer)
      socket.off('error', settle).off('close', fail)
      if (error) callback(error, null)
      else callback(null, socket)
    }
    const fail = () => settle(new Error('closed before it was connected'))
    this.#open.set(socket, isIdle)
    socket.once('error', settle).once('close', fail)
    socket.once('close', () => this.#closed(socket))
    // Before TLS's own listener: a stranger is not sent as much as a greeting.
    socket.prependOnceListener('connect', () => this.#judge(socket, url))
    socket.once(
      url.protocol === 'https:' ? 'secureConnect' : 'connect',
      () => socket.destroyed || settle(null),
    )
  }

  #judge(socket: Socket, url: URL): void {
    try {
      this.guard.checkConnected(url, socket.remoteAddress)
    } catch (refusal) {
      socket.destroy(refusal as Error)
    }
  }

  #closed(socket: Socket): void {
    this.#open.delete(socket)
    while (this.#open.size < this.max && this.#queue.length > 0) this.#queue.shift()?.()
    this.#evict()
  }

  #evict(): void {
    if (this.#queue.length === 0) return
    for (const [socket, isIdle] of this.#open) {
      if (socket.destroyed || !isIdle()) continue
      socket.destroy()
      return
    }
  }
}

function dial(url: URL, servername: string | undefined, lookup: LookupFunction): Socket {
  const options = {
    host: addressOfHost(url.hostname) ?? url.hostname,
    port: portOf(url),
    lookup,
    noDelay: true,
    keepAlive: true,
  }
  if (url.protocol !== 'https:') return connectTcp(options)
  return connectTls({ ...options, servername: servername ?? '', ALPNProtocols: ['http/1.1'] })
}

function timedOut(host: string, timeout: number): TrackbackError {
  return new TrackbackError('TIMEOUT', `${host} could not be connected to within ${timeout} ms`)
}
