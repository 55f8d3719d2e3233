import type { HtmlAttributes, HtmlHandler } from './html.js'
import { BLOCK_ELEMENTS } from './plain.js'

/** Tells some elements from the others by their start tags. */
export type ElementTest = (name: string, attributes: HtmlAttributes) => boolean

const voidElements = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
/** Not a heading `#comments`, nor the `.comment` of a program that is quoted. */
const lists = new Set('article aside dd details div dl footer li ol section table td tr ul'.split(' '))
/** What blog engines call them: ours, Movable Type, WordPress, Serendipity, tDiary, Dotclear, and microformats. */
const namesOfLists =
  /(?:^|\s)(?:[pu]-comment|comments?|comment-?list|comments-body|trackbacks?|pingbacks?|pings)(?:\s|$)/i

/** Whether an element has no end tag, and nothing in it. */
export function isVoid(name: string): boolean {
  return voidElements.has(name)
}

/** Whether an element holds what others wrote on a page: comments, trackbacks, or a link that is marked as theirs. */
export function isUserContent(name: string, attributes: HtmlAttributes): boolean {
  if (name === 'a') return /(?:^|\s)ugc(?:\s|$)/i.test(attributes.get('rel') ?? '')
  return lists.has(name) && ['class', 'id'].some((each) => namesOfLists.test(attributes.get(each) ?? ''))
}

/** What browsers show only where they cannot run scripts or play media, or never. */
const unseen = new Set(
  'template noscript canvas video audio datalist select defs symbol desc metadata'.split(' '),
)
/** Without white space and comments. */
const hidingStyles = [
  /(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|content-visibility:hidden)/i,
  /(?:^|;)(?:opacity|font-size):(?:(?:0|0?\.0+|0\.)[a-z%]*|0?\.\d+px|1px)(?:;|!|$)/i,
  /(?:^|;)(?:left|right|top|bottom|margin-left|margin-top|text-indent):-\d{3}(?:\d|r?em)/i,
  /(?:^|;)(?:clip:rect\(([01](?:px)?)(?:,?\1){3}|clip-path:inset\((?:50|100)%|transform:scale\(0[,)])/i,
  /^(?=.*overflow:(?:hidden|clip))(?:.*;)?(?:max-)?(?:width|height):(?:0[a-z%]*|1px)(?:;|!|$)/i,
]

/** Whether nobody sees what stands in an element (PROTOCOL 143). */
export function isHidden(name: string, attributes: HtmlAttributes): boolean {
  if (unseen.has(name) || attributes.get('hidden') !== undefined) return true
  if (name === 'dialog' && attributes.get('open') === undefined) return true
  const isDot = (size: string): boolean => /^\s*[01](?:px)?\s*$/i.test(attributes.get(size) ?? '')
  if (name === 'img' && isDot('width') && isDot('height')) return true
  const style = attributes.get('style')?.replace(/\s+|\/\*.*?(?:\*\/|$)/gs, '')
  return style !== undefined && hidingStyles.some((hiding) => hiding.test(style))
}

/**
 * Makes what follows the tags of a page, to know whether they stand in elements of one kind. An element without an end tag
 * ends with the block it is in; takes time and memory in proportion to the page.
 */
export function createEnclosure(isOne: ElementTest) {
  const open: string[] = []
  const counts = new Map<string, number>()
  const none = Number.POSITIVE_INFINITY
  /** Where among the open elements the outermost one of the kind stands. */
  let outermost = none

  function count(name: string, by: number): void {
    counts.set(name, (counts.get(name) ?? 0) + by)
  }

  function endTag(name: string): boolean {
    if (!counts.get(name)) return outermost < none
    const at = open.lastIndexOf(name)
    for (const ended of open.splice(at)) count(ended, -1)
    const wasInside = at >= outermost
    if (at <= outermost) outermost = none
    return wasInside
  }

  return {
    /** Gives whether what ends is inside, or is such an element itself. */
    endTag,
    /** Gives whether what begins is inside, or is such an element itself. */
    startTag(name: string, attributes: HtmlAttributes): boolean {
      // HTML has no link in a link: the first one ends.
      if (name === 'a') endTag(name)
      if (isVoid(name)) return outermost < none || isOne(name, attributes)
      const begins = outermost === none && isOne(name, attributes)
      // Of inline elements only those that are looked for are followed: a stray `</p>` ends nothing.
      if (!begins && !counts.get(name) && (name === 'p' || !BLOCK_ELEMENTS.has(name))) return outermost < none
      if (begins) outermost = open.length
      open.push(name)
      count(name, 1)
      return outermost < none
    },
    /** Whether such an element is open. */
    get isInside(): boolean {
      return outermost < none
    },
  }
}

/** Leaves elements out of a page, with all that is in them; what is left begins and ends as it did. */
export function without(isOne: ElementTest, handler: HtmlHandler): HtmlHandler {
  const enclosure = createEnclosure(isOne)
  return {
    startTag(name, attributes, selfClosing) {
      enclosure.startTag(name, attributes)
      if (!enclosure.isInside) handler.startTag?.(name, attributes, selfClosing)
    },
    endTag(name) {
      if (!enclosure.endTag(name)) handler.endTag?.(name)
    },
    text(text) {
      if (!enclosure.isInside) handler.text?.(text)
    },
    rawText(text, element) {
      if (!enclosure.isInside) handler.rawText?.(text, element)
    },
  }
}
