/** A request as any transport can give it. */
export interface PingRequest {
  readonly method: string
  /** The path with its query, or the whole URL. */
  readonly url: string
  readonly contentType?: string | null | undefined
  /** The raw bytes of the body; never text that something has decoded before. */
  readonly body?: Uint8Array | null | undefined
  /** The client's address as the host knows it. */
  readonly clientIp?: string | null | undefined
}

/** A ping's fields as plain text within the limits, and how its bytes were read. */
export interface AdmittedPing {
  readonly url: string
  readonly sourceKey: string
  readonly host: string
  readonly title: string
  readonly excerpt: string
  readonly blogName: string
  readonly charset: string
  readonly charsetReason: string
}

/** The path and the query of a request's URL, whole or not. */
export function splitUrl(url: string): { path: string; query: string } {
  const path = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?#]*/i, '')
  const mark = path.indexOf('?')
  return mark < 0 ? { path, query: '' } : { path: path.slice(0, mark), query: path.slice(mark + 1) }
}
