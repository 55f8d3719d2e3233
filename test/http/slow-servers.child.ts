// Run by exchange.test.ts: asks all hosts at once, and tells how it ended and what that cost this process.
import { readFileSync } from 'node:fs'
import { createHttpClient } from '../../src/http/client.js'

/** What asking slow servers came to. */
export interface SlowServersReport {
  /** How many requests ended with each code. */
  readonly codes: Readonly<Record<string, number>>
  /** By how many milliseconds this process made its own timers late, the 99th percentile. */
  readonly delay: number
  /** By how many bytes its memory was larger at the most. */
  readonly memory: number
}

const period = 5
const [limits = '{}', ...hosts] = process.argv.slice(2)
const client = createHttpClient({ ...JSON.parse(limits), allowHosts: hosts })

/** How many requests to hosts, all at once, end with each code. */
async function codesOf(asked: readonly string[]): Promise<Record<string, number>> {
  const codes: Record<string, number> = {}
  await Promise.all(
    asked.map(async (host) => {
      const error = await client.request({ url: `http://${host}` }).then(
        (response) => response.bytes().catch((error) => error),
        (error) => error,
      )
      codes[error.code] = (codes[error.code] ?? 0) + 1
    }),
  )
  return codes
}

/** How many milliseconds our thread was ready to run while other processes had the processors; 0 but on Linux. */
function waitedForOthers(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}

/** Watches timers and memory until the function that it returns is called. */
function watch(): () => Pick<SlowServersReport, 'delay' | 'memory'> {
  const delays: number[] = []
  const before = process.memoryUsage.rss()
  let memory = 0
  let last = performance.now()
  let waited = waitedForOthers()
  const look = (): void => {
    const [now, waitedNow] = [performance.now(), waitedForOthers()]
    delays.push(now - last - period - (waitedNow - waited))
    last = now
    waited = waitedNow
    memory = Math.max(memory, process.memoryUsage.rss() - before)
  }
  const timer = setInterval(look, period)
  return () => {
    clearInterval(timer)
    look()
    delays.sort((a, b) => a - b)
    return { delay: delays[Math.floor(delays.length * 0.99)] ?? Number.NaN, memory }
  }
}

// What the first requests take, later ones find: compiled code, the parser of HTTP, a heap.
await codesOf(hosts.slice(0, 20))
globalThis.gc?.()
const seen = watch()
const codes = await codesOf(hosts)
const report: SlowServersReport = { codes, ...seen() }
await client.close()
process.stdout.write(JSON.stringify(report))
