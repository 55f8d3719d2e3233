import { optionCheck } from '../../base/options.js'
import type { Author } from './requests/scope.js'

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

/** Who may moderate the trackbacks of some blogs alone: of one, or of several. */
export type BlogAuthor =
  | { readonly user: string; readonly blog: string }
  | { readonly user: string; readonly blogs: readonly string[] }

/**
 * What `authorize` says: the name of the user who may moderate everything; that and the blogs of who may see and change
 * nothing else; `false`, `null` or `''` for nobody; or what to answer instead.
 */
export type Authorization = string | BlogAuthor | false | null | undefined | Denial

/** Who may moderate which blogs (`null`: all), or the answer for who may not: `null` is the page that says so. */
type Access = Author | { readonly denial: Denial | null }

/** Reads what `authorize` said. Throws a `TypeError` for what it may not say, so that a mistake lets nobody in. */
export function readAuthorization(said: Authorization): Access {
  if (said === false || said === null || said === undefined || said === '') return { denial: null }
  if (typeof said === 'string') return { user: said, blogs: null }
  if (typeof said === 'object' && 'user' in said) return authorOf(said)
  if (typeof said === 'object' && isDenial(said)) return { denial: said }
  throw new TypeError(
    'authorize must give a user name, { user, blog }, { user, blogs }, false, { redirectTo } or { status, headers, body }',
  )
}

const checkAuthor = optionCheck('authorize', { string: 'user! blog', list: 'blogs' })

/** An author without a blog sees nothing; one whose blog is missing by mistake is none. */
function authorOf(said: BlogAuthor): Access {
  checkAuthor(said)
  const blogs = 'blogs' in said ? said.blogs : [said.blog]
  const isMistaken = said.user === '' || ('blogs' in said && 'blog' in said)
  if (isMistaken || !blogs.every((blog) => typeof blog === 'string' && blog !== ''))
    throw new TypeError('authorize must give a user with a blog, or with blogs, by their names')
  return { user: said.user, blogs }
}

/** Whether it is a denial; a status of success is none, and beyond 599 HTTP has no other. */
function isDenial(said: Denial): boolean {
  if ('redirectTo' in said) return typeof said.redirectTo === 'string'
  return Number.isInteger(said.status) && said.status >= 300 && said.status <= 599
}
