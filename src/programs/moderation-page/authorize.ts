/** What the visitor gets who may not moderate. */
export type Denial =
  /** Goes to another page, to log in. */
  | { readonly redirectTo: string }
  /**
   * Any other answer: `{ status: 401, headers: { 'www-authenticate': 'Basic' } }`. The body is text unless `headers`
   * say otherwise.
   */
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>> | undefined
      readonly body?: string | undefined
    }

/**
 * What `authorize` says: the name of the user who may moderate; `false`, `null` or `''` for nobody; or what to answer
 * instead.
 */
export type Authorization = string | false | null | undefined | Denial

/** Who may moderate, or the answer for who may not: `null` is the page that says so. */
export type Access = { readonly user: string } | { readonly denial: Denial | null }

/** Reads what `authorize` said. Throws a `TypeError` for what it may not say, so that a mistake lets nobody in. */
export function readAuthorization(said: Authorization): Access {
  if (said === false || said === null || said === undefined || said === '') return { denial: null }
  if (typeof said === 'string') return { user: said }
  if (typeof said === 'object' && 'redirectTo' in said && typeof said.redirectTo === 'string')
    return { denial: said }
  if (typeof said === 'object' && 'status' in said && isDenial(said.status)) return { denial: said }
  throw new TypeError('authorize must give a user name, false, { redirectTo } or { status, headers, body }')
}

/** Whether a status of HTTP can stand for a denial: success cannot, and beyond 599 there is none. */
function isDenial(status: number): boolean {
  return Number.isInteger(status) && status >= 300 && status <= 599
}
