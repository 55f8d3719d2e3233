import { setMaxListeners } from 'node:events'
import { TrackbackError } from '../base/errors.js'
import { failureOf } from './failure.js'

interface Controller {
  abort(reason: Error): void
  pause(): void
  resume(): void
}

/** The start of an answer: its status and its header fields by lower-case name. */
export interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** What bounds one exchange, in milliseconds, and whose abort ends it. */
export interface ExchangeBounds {
  readonly headersTimeout: number
  readonly idleTimeout: number
  /** What is left of the total. */
  readonly remaining: number
  readonly signal?: AbortSignal | undefined
}

/** How many bytes may wait unread before the sender is told to wait. */
const highWater = 65_536

/**
 * One request and its answer on the wire: the handler that undici's `dispatch` calls. It ends exactly once, at the
 * last byte, at a failure, at a time limit, at the caller's abort or by `cancel()`, and then holds no timer.
 */
export class Exchange {
  /** The answer's start; rejects where there is none. */
  readonly head: Promise<Head>
  readonly #total: NodeJS.Timeout
  #phase: NodeJS.Timeout | undefined
  #controller: Controller | undefined
  #resolveHead!: (head: Head) => void
  #rejectHead!: (reason: unknown) => void
  #chunks: Uint8Array[] = []
  #waiting = 0
  #paused = false
  #closed = false
  #failure: { readonly reason: unknown } | undefined
  #wake: (() => void) | undefined

  constructor(
    private readonly host: string,
    private readonly bounds: ExchangeBounds,
    private readonly onClose: () => void,
  ) {
    this.head = new Promise((resolve, reject) => {
      this.#resolveHead = resolve
      this.#rejectHead = reject
    })
    this.#total = setTimeout(() => this.#expire('exceeded the total timeout'), bounds.remaining)
    if (!bounds.signal) return
    // One signal may stop many requests: no warning at the eleventh.
    setMaxListeners(0, bounds.signal)
    bounds.signal.addEventListener('abort', this.#onAbort)
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#closed) this.#drop()
    else this.#startPhase('did not answer', this.bounds.headersTimeout)
  }

  onResponseStart(_: Controller, status: number, headers: Head['headers']): void {
    if (this.#closed || status < 200) return
    this.#startPhase('sent no more data', this.bounds.idleTimeout)
    this.#resolveHead({ status, headers })
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    if (this.#closed) return
    this.#chunks.push(chunk)
    this.#waiting += chunk.length
    if (this.#waiting > highWater) {
      this.#paused = true
      controller.pause()
      clearTimeout(this.#phase)
    } else {
      this.#phase?.refresh()
    }
    this.#wake?.()
  }

  onResponseEnd(): void {
    this.#close()
  }

  onResponseError(_: Controller | undefined, error: Error): void {
    this.fail(failureOf(error, this.host))
  }

  /** The body as sent; throws what ended it early. What came together is given together, however it was chunked. */
  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const arrived = this.#take()
      if (arrived) yield arrived
      else if (this.#failure) throw this.#failure.reason
      else if (this.#closed) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  /** Ends the exchange: what has not arrived is not read, and its connection is closed. */
  cancel(): void {
    if (this.#closed) return
    this.#chunks = []
    this.#close()
    this.#drop()
  }

  /** Ends the exchange; `reason` is thrown to the reader, or to the caller that waits for the start of the answer. */
  fail(reason: unknown): void {
    if (this.#closed) return
    this.#failure = { reason }
    this.#close()
    this.#rejectHead(reason)
    this.#drop()
  }

  readonly #onAbort = (): void => this.fail(this.bounds.signal?.reason)

  #expire(what: string): void {
    this.fail(new TrackbackError('TIMEOUT', `${this.host} ${what}`))
  }

  #startPhase(what: string, timeout: number): void {
    clearTimeout(this.#phase)
    this.#phase = setTimeout(() => this.#expire(`${what} within ${timeout} ms`), timeout)
  }

  #take(): Uint8Array | undefined {
    const chunks = this.#chunks
    this.#chunks = []
    this.#waiting = 0
    if (this.#paused && !this.#closed) {
      this.#paused = false
      this.#startPhase('sent no more data', this.bounds.idleTimeout)
      this.#controller?.resume()
    }
    return chunks.length > 1 ? Buffer.concat(chunks) : chunks[0]
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#total)
    clearTimeout(this.#phase)
    this.bounds.signal?.removeEventListener('abort', this.#onAbort)
    this.onClose()
    this.#wake?.()
  }

  #drop(): void {
    this.#controller?.abort(new Error('no longer wanted'))
  }
}
