import type { TrackbackState } from '../../../store/store.js'
import type { Change } from '../requests/changes.js'
import type { ItemAction } from '../requests/command.js'
import type { ListName } from '../requests/routes.js'

/** Why a request was not served. */
export type Problem =
  | 'denied'
  | 'ended'
  | 'foreign'
  | 'forged'
  | 'expired'
  | 'used'
  | 'unknown'
  | 'size'
  | 'type'
  | 'method'
  | 'absent'
  | 'failure'

/** A fact about a trackback, as a label in front of it. */
export type Label =
  | 'blogName'
  | 'excerpt'
  | 'passage'
  | 'post'
  | 'reason'
  | 'title'
  | 'url'
  | 'sourceKey'
  | 'charset'
  | 'receivedAt'
  | 'clientIp'
  | 'outcome'
  | 'checkedAt'
  | 'attempts'
  | 'finalUrl'
  | 'pageTitle'

/** What the page of moderation says in one language; all of it is plain text, escaped where it is written out. */
export interface PageMessages {
  /** The language, as `reasonText` names it. */
  readonly lang: 'en' | 'ja'
  /** The direction this language is written in. */
  readonly dir: 'ltr' | 'rtl'
  /** What the page is called, in front of the name of the site. */
  readonly name: string
  /** Leads past the head of the page. */
  readonly skip: string
  /** Names the links to the lists. */
  readonly navigation: string
  readonly signedInAs: (user: string) => string
  readonly search: string
  readonly searchLabel: string
  readonly lists: Readonly<Record<ListName | 'blocks', string>>
  /** What stands under the heading of a list. */
  readonly intro: Readonly<Record<ListName | 'blocks', string>>
  /** Follows on the intro of the lists of what waits. */
  readonly deadline: (days: number) => string
  /** What stands in place of a list that is empty. */
  readonly empty: Readonly<Record<ListName | 'blocks', string>>
  readonly found: (text: string) => string
  readonly select: (title: string) => string
  readonly selectAll: string
  readonly selectNone: string
  readonly withSelected: string
  readonly more: string
  readonly pages: string
  readonly firstPage: string
  readonly nextPage: string
  readonly actions: Readonly<Record<ItemAction, string>>
  readonly states: Readonly<Record<TrackbackState, string>>
  readonly labels: Readonly<Record<Label, string>>
  /** The headings of the parts of a trackback's own page. */
  readonly parts: Readonly<
    Record<'received' | 'verification' | 'checks' | 'history' | 'decide' | 'block', string>
  >
  readonly notVerified: string
  readonly noChecks: string
  readonly noHistory: string
  readonly noPassage: string
  readonly score: (score: string) => string
  readonly policy: string
  readonly author: string
  readonly noteLabel: string
  readonly blockKinds: Readonly<Record<'host' | 'source' | 'address', string>>
  readonly blockKindLabel: string
  readonly blockValueLabel: string
  readonly blockButton: Readonly<Record<'host' | 'source' | 'address', string>>
  readonly addBlock: string
  readonly unblock: string
  readonly undo: string
  /** What was done. */
  readonly done: (change: Pick<Change, 'did' | 'count' | 'missing'>, hosts: string) => string
  readonly problems: Readonly<Record<Problem, string>>
  readonly back: string
  readonly outcomes: Readonly<Record<string, string>>
  readonly checkNames: Readonly<Record<string, string>>
  readonly charsetSources: Readonly<Record<string, string>>
  readonly historyActions: Readonly<Record<ItemAction | 'undo', string>>
}
