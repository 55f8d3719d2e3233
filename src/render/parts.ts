import type { TrackbackItem } from './item.js'
import type { Messages } from './messages.js'

/** The list as a whole, as its parts get it. */
export interface ListData {
  /** The post itself; its title is plain text. */
  readonly post: { readonly title?: string | null | undefined }
  /** Where pings for the post are sent; not there where none are taken. */
  readonly pingUrl: string | undefined
  /** The trackbacks that are listed. */
  readonly items: readonly TrackbackItem[]
  /** How many there are in all. */
  readonly total: number
  /** Where the list goes on. */
  readonly nextUrl: string | undefined
  /** The `id` that names the section to screen readers: a heading of your own carries it. */
  readonly headingId: string
}

/** What a part is given beside its data. */
export interface PartTools {
  /** The HTML that stands there without this part; `''` where there would be nothing. */
  readonly standard: string
  /** What the list says in its language. */
  readonly messages: Messages
  /** The language tag of the messages and of the dates. */
  readonly lang: string
  /** Makes text safe inside an element and inside a quoted attribute. */
  readonly escapeHtml: (text: string) => string
  /** Writes a date in the language and the time zone of the list. */
  readonly formatDate: (date: Date) => string
}

/**
 * Writes one piece of the list. What it returns is trusted HTML and goes out as it is: all it takes from its data must
 * go through `escapeHtml`. `''` leaves the piece out.
 */
export type Part<Data> = (data: Data, tools: PartTools) => string

/**
 * The pieces that a blog may write its own way; each replaces its element as a whole, and those left out stay as they
 * are. A part is called also where there would be nothing: `standard` is `''` then.
 *
 * ```ts
 * const parts: RenderParts = {
 *   count: () => '',
 *   host: ({ host }, { escapeHtml }) => `<cite>${escapeHtml(host)}</cite>`,
 *   item: ({ id }, { standard }) => standard.replace('</li>', `${reportButton(id)}</li>`),
 * }
 * ```
 */
export interface RenderParts {
  /** The heading over everything; it carries `headingId`. */
  readonly heading?: Part<ListData> | undefined
  /** The line of the trackback URL. */
  readonly url?: Part<ListData> | undefined
  /** The introduction of the list. */
  readonly intro?: Part<ListData> | undefined
  /** How many there are. */
  readonly count?: Part<ListData> | undefined
  /** What stands in place of the list while it has no item. */
  readonly empty?: Part<ListData> | undefined
  /** The list itself with its items. */
  readonly list?: Part<ListData> | undefined
  /** The way to the rest of a long list. */
  readonly more?: Part<ListData> | undefined
  /** One trackback: an `<li>`. */
  readonly item?: Part<TrackbackItem> | undefined
  /** The title of a trackback, with its link. */
  readonly title?: Part<TrackbackItem> | undefined
  /** The passage of the source. */
  readonly excerpt?: Part<TrackbackItem> | undefined
  /** The name of the blog it comes from. */
  readonly blog?: Part<TrackbackItem> | undefined
  /** The host it comes from. */
  readonly host?: Part<TrackbackItem> | undefined
  /** When it came. */
  readonly date?: Part<TrackbackItem> | undefined
}
