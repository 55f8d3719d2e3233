import type { Target } from '../fuzz.js'
import { pingList, response } from './answers.js'
import { feed } from './feed.js'
import { linkHeader, page } from './pages.js'
import { ping } from './ping.js'
import { charset, text, url } from './texts.js'

/** Everything that strangers write and we read. */
export const targets: readonly Target[] = [
  ping,
  response,
  page,
  feed,
  charset,
  pingList,
  linkHeader,
  text,
  url,
]
