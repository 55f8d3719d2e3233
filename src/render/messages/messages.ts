/**
 * What the list of trackbacks says in one language. Strings and results are plain text and are escaped where they
 * are written out; only `intro` is given HTML and returns HTML, which goes out as it is.
 */
export interface Messages {
  /** The direction this language is written in. */
  readonly dir: 'ltr' | 'rtl'
  /** The heading over everything. */
  readonly heading: string
  /** Stands before the trackback URL. */
  readonly url: string
  /** Introduces the list; `title` is the post's title as HTML, `''` where the post has none. */
  readonly intro: (title: string) => string
  /** How many are shown, of how many. */
  readonly count: (shown: number, total: number) => string
  /** Stands in place of the list while there is none. */
  readonly empty: string
  /** On the button that copies the trackback URL. */
  readonly copy: string
  /** What is said after the button has done it. */
  readonly copied: string
  /** On the link to the rest of a long list. */
  readonly more: string
}
