import { setImmediate as nextTurn } from 'node:timers/promises'
import { TrackbackError } from './errors.js'
import type { Steps } from './steps.js'

/** Whether a value is a promise or like one: a query builder that asks its database when it is awaited, for example. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** Goes on with a value, at once where it is no promise: to wait takes longer than most of what a ping needs. */
export function whenThere<T, Next>(
  value: T | Promise<T>,
  next: (value: T) => Next | Promise<Next>,
): Next | Promise<Next> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/**
 * Waits for a promise, or for what is like one, `limit` milliseconds at the most; then rejects with `TIMEOUT`, and `name`
 * says whose answer did not come. Once `signal` is aborted, rejects with its reason. With `unref`, waiting holds no
 * process open.
 */
export async function inTime<T>(
  value: PromiseLike<T>,
  limit: number,
  name: string,
  { signal, unref = false }: { signal?: AbortSignal | undefined; unref?: boolean } = {},
): Promise<T> {
  let stopWaiting = (): void => {}
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new TrackbackError('TIMEOUT', `${name} took more than ${limit} ms`))
    const timer = setTimeout(giveUp, limit)
    if (unref) timer.unref()
    const abort = (): void => reject(signal?.reason)
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    stopWaiting = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  })
  try {
    return await Promise.race([value, late])
  } finally {
    stopWaiting()
  }
}

/** A function of the blog engine's own, whose answer is waited for `limit` milliseconds at the most. */
export function limited<Given extends unknown[], Answer>(
  call: (...given: Given) => Answer | PromiseLike<Answer>,
  limit: number,
  name: string,
): (...given: Given) => Answer | Promise<Answer> {
  return (...given) => {
    const answer = call(...given)
    return isThenable(answer) ? inTime(answer, limit, name) : answer
  }
}

/** Ends something: resolves when `work` has ended, or after `limit` milliseconds; what fails is told to `onError`. */
export async function endInTime(work: Promise<unknown>, limit: number, onError: (error: unknown) => void) {
  await inTime(work, limit, 'close()').catch(onError)
}

/** Makes what tells listeners of the blog engine's own; each may run `limit` milliseconds. */
export function createTeller(limit: number, onError: (error: unknown) => void) {
  const running = new Set<Promise<unknown>>()
  return {
    /** What a listener throws, now or later, goes to `onError` and harms nothing. */
    tell<T>(listener: ((event: T) => unknown) | undefined, event: T): void {
      try {
        const told = listener?.(event)
        if (!isThenable(told)) return
        const run = inTime(told, limit, 'onEvent')
          .catch(onError)
          .finally(() => running.delete(run))
        running.add(run)
      } catch (error) {
        onError(error)
      }
    },
    /** Resolves once no listener runs. */
    async settled(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/** How long the blog engine's own functions may take where nothing else is said, in milliseconds. */
export const usualHookTimeout = 10_000
/** How long `close()` waits where nothing else is said, in milliseconds: longer than a ping that is under way takes. */
export const usualCloseTimeout = 30_000

/** How long work goes on before others have their turn, in milliseconds. */
const longestTurn = 2
/** When others had their turn last. */
let turnBegan = 0
let turn: Promise<void> | undefined

/** What work that does not end soon waits for, so that it does not hold up the event loop: nothing, or the turn of others. */
export function turnOfOthers(): Promise<void> | undefined {
  if (performance.now() - turnBegan < longestTurn) return undefined
  turn ??= nextTurn().then(() => {
    turn = undefined
    turnBegan = performance.now()
  })
  return turn
}

/** Does work in steps, with turns for others. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await turnOfOthers()
  }
}

/** Does something once, before what needs it; after a failure the next caller tries again. */
export function once<T>(action: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined
  return () => {
    done ??= action().catch((error: unknown) => {
      done = undefined
      throw error
    })
    return done
  }
}
