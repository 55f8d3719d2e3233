import type { TrackbackErrorCode } from './errors.js'

/** The words of a text. */
type Words<Text> = Text extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Text

// What a look at a source found, and what the receiver made of it; what a check said; what became of a ping that was to
// be sent.
type PlainCode =
  | Words<'linked user-content not-linked not-a-page own-post own-site blocked-source same-page post-not-found'>
  | Words<'checks-object author-decides'>
  | Words<'no-result title-agrees blog-name-agrees nothing-agrees top-page leads-to-top-page mostly-url'>
  | Words<'known-host blocked-address spam blatant-spam not-spam'>
  | Words<'draft not-published-yet linked-by-post given-by-author no-ping-url other-posts-only same-ping-url'>
  | Words<'host-fails accepted refused pause own-failure'>

/** What belongs to the reasons of each code; `unknown` where nothing does. */
export interface ReasonParameters
  extends Readonly<Record<TrackbackErrorCode, Detail>>,
    Readonly<Record<PlainCode, unknown>> {
  'http-status': { readonly status: number }
  'check-failed': { readonly error?: TrackbackErrorCode | undefined }
  'urls-in-text': { readonly count: number }
  'repeated-text': { readonly count: number }
  'blocked-host': { readonly host: string }
  'blocked-word': { readonly word: string }
  listed: { readonly name: string }
  'ping-url-found': Detail
  'ping-url-too-long': { readonly limit: number }
  'no-answer': { readonly status: number }
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
