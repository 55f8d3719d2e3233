import type { TrackbackErrorCode } from './errors.js'

/** What belongs to the reasons of each code. */
export interface ReasonParameters extends Readonly<Record<TrackbackErrorCode, Detail>> {
  // What a look at a source found, and what the receiver made of it.
  linked: unknown
  'user-content': unknown
  'not-linked': unknown
  'not-a-page': unknown
  'http-status': { readonly status: number }
  'own-post': unknown
  'own-site': unknown
  'blocked-source': unknown
  'same-page': unknown
  'post-not-found': unknown
  'checks-object': unknown
  'author-decides': unknown
  // What a check said.
  'no-result': unknown
  'check-failed': { readonly error?: TrackbackErrorCode | undefined }
  'title-agrees': unknown
  'blog-name-agrees': unknown
  'nothing-agrees': unknown
  'top-page': unknown
  'leads-to-top-page': unknown
  'urls-in-text': { readonly count: number }
  'mostly-url': unknown
  'repeated-text': { readonly count: number }
  'known-host': unknown
  'blocked-address': unknown
  'blocked-host': { readonly host: string }
  'blocked-word': { readonly word: string }
  listed: { readonly name: string }
  spam: unknown
  'blatant-spam': unknown
  'not-spam': unknown
  // What became of a ping that was to be sent.
  draft: unknown
  'not-published-yet': unknown
  'linked-by-post': unknown
  'given-by-author': unknown
  'ping-url-found': Detail
  'ping-url-too-long': { readonly limit: number }
  'no-ping-url': unknown
  'other-posts-only': unknown
  'same-ping-url': unknown
  'host-fails': unknown
  accepted: unknown
  refused: unknown
  pause: unknown
  'no-answer': { readonly status: number }
  'own-failure': unknown
}

/** More of it in English and in our own words, such as the message of an error. */
interface Detail {
  readonly detail: string
}

/** The code of a reason. */
export type ReasonCode = keyof ReasonParameters

/**
 * Why something is as it is: a code with what belongs to it, or the words of a person or of the blog's own check.
 * `reasonText` says it in English or Japanese.
 */
export type Reason =
  | string
  | { readonly [code in ReasonCode]: { readonly code: code } & ReasonParameters[code] }[ReasonCode]

/** The code alone, or the words. */
export function codeOf(reason: Reason): string {
  return typeof reason === 'string' ? reason : reason.code
}
