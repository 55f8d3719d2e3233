import { cutText } from './excerpt.js'
import type { HtmlHandler } from './html.js'
import { cleanText } from './plain.js'

/** Gathers the title of a page from its tokens. */
export interface TitleReader extends Required<Pick<HtmlHandler, 'startTag' | 'rawText'>> {
  /** The title as far as it was read: plain text by strangers, `''` where there is none. */
  read(): string
}

/** How many graphemes a title may have. */
const longest = 250

/** Makes the reader of a title: the first one of the page, since further ones are those of pictures in SVG. */
export function createTitleReader(): TitleReader {
  let titles = 0
  let title = ''
  return {
    startTag(name) {
      if (name === 'title') titles += 1
    },
    rawText(text, element) {
      if (element === 'title' && titles === 1 && title.length < 4 * longest) title += text
    },
    read: () => cutText(cleanText(title), longest),
  }
}
