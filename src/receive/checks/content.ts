import { createHash } from 'node:crypto'
import { type LimitsOf, positiveInteger, resolveLimits } from '../../base/limits.js'
import type { Check } from './check.js'
import { lettersOf } from './text.js'

const day = 86_400_000

/** How many URLs a text may hold. */
export interface UrlCountOptions {
  /** From how many URLs on a ping looks like spam (-5). @default 3 */
  readonly few?: number | undefined
  /** From how many URLs on it surely is (-10). @default 10 */
  readonly many?: number | undefined
  /** Which part of the excerpt may be URL, from 0 to 1; more looks like spam (-5). @default 0.5 */
  readonly share?: number | undefined
}

/**
 * The URLs in title, excerpt and blog name, as tDiary and Movable Type count them. Throws `TypeError` for a limit that
 * is none.
 */
export function urlCount(options: UrlCountOptions = {}): Check {
  const few = positiveInteger(options.few, 3, 'few')
  const many = positiveInteger(options.many, 10, 'many')
  const { share = 0.5 } = options
  if (!(share >= 0 && share <= 1)) throw new TypeError('share must be a number from 0 to 1')
  return {
    name: 'urls',
    judge({ trackback: { title, excerpt, blogName } }) {
      const text = [title, excerpt, blogName].join('\n').normalize('NFKC')
      const count = text.match(/https?:\/\/(?:www\.)?|\bwww\./gi)?.length ?? 0
      if (count >= few) return { score: count >= many ? -10 : -5, reason: { code: 'urls-in-text', count } }
      return urlShare(excerpt) > share ? { score: -5, reason: { code: 'mostly-url' } } : null
    },
  }
}

function urlShare(excerpt: string): number {
  const text = excerpt.normalize('NFKC')
  const urls = text.match(/(?:https?:\/\/|\bwww\.)[!-~]*/gi) ?? []
  return text === '' ? 0 : urls.join('').length / text.length
}

const repetitions = {
  /** From how many pings with the same text on it looks like spam (-5). @default 4 */
  few: 4,
  /** From how many on it surely is (-10). @default 10 */
  many: 10,
  /** How many letters a text must have to be counted. @default 16 */
  minLength: 16,
  /** For how many days texts are counted, from the first ping with each. @default 30 */
  days: 30,
}

/** When a text is a repeated one. */
export type RepeatedTextOptions = LimitsOf<typeof repetitions>

/**
 * The same text sent to many posts or from many sources. Each (post, source) counts once, however often it is sent or
 * verified; letters and digits count, case and punctuation do not. The store keeps hashes, no text. Throws `TypeError`
 * for an invalid limit.
 */
export function repeatedText(options: RepeatedTextOptions = {}): Check {
  const { few, many, minLength, days } = resolveLimits(repetitions, options)
  return {
    name: 'repeated-text',
    async judge({ trackback: { title, excerpt, postId, sourceKey } }, { store: { records }, now }) {
      const passage = lettersOf(excerpt)
      const text = passage.length >= minLength ? passage : lettersOf(title) + passage
      if (text.length < minLength) return null
      const key = hashOf(text)
      const expiresAt = now() + days * day
      const isNew = await records.put('text', `${key}/${hashOf(`${postId}\n${sourceKey}`)}`, '', 0, expiresAt)
      const [count = 0] = await records.count('text', [{ key, amount: isNew ? 1 : 0 }], expiresAt)
      if (count < few) return null
      return { score: count >= many ? -10 : -5, reason: { code: 'repeated-text', count } }
    },
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
