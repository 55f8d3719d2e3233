import type { HttpClient, NetworkOptions } from '../index.js'
import { parseUrl } from '../protocol/url.js'
import type { Arguments } from './arguments.js'
import { asUsage, UsageError } from './failures.js'

/** Does work with a client made as the options ask for, and closes it. */
export async function withNetwork<T>(given: Arguments, work: (client: HttpClient) => Promise<T>): Promise<T> {
  const { createHttpClient } = await import('../index.js')
  const allowHosts = allowedHosts(given)
  const client = asUsage(() => createHttpClient({ allowHosts, ...timeLimits(given) }))
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** What `--allow-host` names; a URL is taken for its host. */
function allowedHosts(given: Arguments): string[] {
  return given.all('allow-host').map((entry) => {
    const host = /^https?:\/\/([^/?#]+)\/?$/i.exec(entry)?.[1] ?? entry
    if (/^[^\s/?#@\\*]+$/.test(host) && parseUrl(`http://${host}`) !== null) return host
    throw new UsageError(`--allow-host must be HOST:PORT, not '${entry}'`)
  })
}

/** The limits that `--timeout` asks for. */
function timeLimits(given: Arguments): NetworkOptions {
  const seconds = given.text('timeout')
  if (seconds === undefined) return {}
  const number = /^\d{1,6}(\.\d{1,3})?$/.test(seconds) ? Number(seconds) : 0
  if (number <= 0) throw new UsageError(`--timeout must be a number of seconds, not '${seconds}'`)
  const time = Math.ceil(number * 1000)
  return { connectTimeout: time, headersTimeout: time, idleTimeout: time, totalTimeout: time }
}
