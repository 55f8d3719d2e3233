import type { ImportedTrackback } from '../../receive/moderation/import.js'

/** A post as a file of its former engine names it. */
export interface FormerPost {
  /** Its id there: the number of WordPress, the BASENAME of Movable Type, the `postId` of JSON lines. */
  readonly id: string
  /** Its permalink there; empty where the file has none. */
  readonly url: string
  /** Its title, plain text; empty where the file has none. */
  readonly title: string
}

/** A trackback in a file, and its post; what is mistaken in it is said by `moderation.import`. */
export interface FoundTrackback {
  readonly post: FormerPost
  readonly trackback: Omit<ImportedTrackback, 'postId'>
  /** Where in the file it stands: `line 7`. */
  readonly where: string
  /** Why it cannot be read. @default it can */
  readonly problem?: string
}
