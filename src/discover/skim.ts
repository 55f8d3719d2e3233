import type { Steps } from '../base/steps.js'

const RAW = new Set(['title', 'textarea', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'script'])
/** A comment with a block in it that may go on behind it. */
const OPEN_COMMENT = /^<!--(?!.*>\s*<\/(?:[\w.-]+:)?rdf\s*>\s*-->$).*<(?:[\w.-]+:)?(?:rdf|description)[\s>]/is

/** How many characters are skimmed in a step. */
const pauseAfter = 65_536

/**
 * Cuts a page down to what an announcement can be made of: comments and `<a>` tags that hold the word, `<link>`,
 * `<base>`, and RDF in markup. To a tokenizer the rest says nothing, and takes it most of its time. Tags, comments and
 * raw text end where the HTML Standard ends them; a page with something harder in it is given back whole.
 */
export function* skim(html: string): Steps<string> {
  if (html.includes('--!>')) return html
  const kept: string[] = []
  let inBlock = false
  let pause = 0
  for (let at = 0; at < html.length; ) {
    if (at >= pause) {
      yield
      pause = at + pauseAfter
    }
    const open = html.indexOf('<', at)
    if (inBlock) kept.push(html.slice(at, open < 0 ? html.length : open))
    if (open < 0) break
    at = constructEnd(html, open)
    if (!inBlock && at === open + 1) continue
    const construct = html.slice(open, at)
    const name = nameOf(construct)
    inBlock ||= /(?:^|:)(?:rdf|description)$/.test(name) || OPEN_COMMENT.test(construct)
    if (inBlock || isTelling(name, construct)) kept.push(construct)
    inBlock &&= !/^\/(?:[\w.-]+:)?rdf$/.test(name)
    if (!RAW.has(name) && name !== 'plaintext') continue
    const end = rawEnd(html, name, at)
    if (end === null || name === 'plaintext' || construct.endsWith('/>')) return html
    if (inBlock) kept.push(html.slice(at, end))
    at = end
  }
  return kept.join('')
}

function isTelling(name: string, construct: string): boolean {
  if (name === 'link' || name === 'base') return true
  return (name === 'a' || name === '!--') && /trackback/i.test(construct)
}

/** In lower case, with the `/` of an end tag; `!--` for a comment; `''` for what is none of these. */
function nameOf(construct: string): string {
  return construct.startsWith('<!--')
    ? '!--'
    : (/^<(\/?[a-z][^\t\n\f\r />]*)/i.exec(construct)?.[1] ?? '').toLowerCase()
}

function constructEnd(html: string, open: number): number {
  if (html.startsWith('<!--', open)) return commentEnd(html, open + 4)
  const name = html[open + 1] === '/' ? open + 2 : open + 1
  if (/[a-z]/i.test(html[name] ?? '')) return tagEnd(html, name)
  return name > open + 1 || /[!?]/.test(html[name] ?? '') ? after(html, '>', name) : name
}

function commentEnd(html: string, start: number): number {
  if (html[start] === '>') return start + 1
  if (html.startsWith('->', start)) return start + 2
  return after(html, '-->', start)
}

function after(html: string, needle: string, start: number): number {
  const found = html.indexOf(needle, start)
  return found < 0 ? html.length : found + needle.length
}

/** Where raw text ends: before its end tag. `null` for a script in a comment in a script. */
function rawEnd(html: string, name: string, start: number): number | null {
  const endTag = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi')
  endTag.lastIndex = start
  const end = endTag.exec(html)?.index ?? html.length
  const text = name === 'script' ? html.slice(start, end) : ''
  const comment = text.indexOf('<!--')
  return comment >= 0 && /<script/i.test(text.slice(comment)) ? null : end
}

// The states of the HTML Standard's tokenizer inside a tag, as far as they decide where it ends.
const TAG_NAME = 0
const BEFORE_NAME = 1
const NAME = 2
const AFTER_NAME = 3
const BEFORE_VALUE = 4
const UNQUOTED = 5

function tagEnd(html: string, start: number): number {
  let state = TAG_NAME
  for (let at = start; at < html.length; at += 1) {
    const code = html.charCodeAt(at)
    if (code === 0x3e) return at + 1
    if (state === BEFORE_VALUE && (code === 0x22 || code === 0x27)) {
      at = after(html, code === 0x22 ? '"' : "'", at + 1) - 1
      state = BEFORE_NAME
    } else state = nextState(state, code)
  }
  return html.length
}

function nextState(state: number, code: number): number {
  const isNamed = state === NAME || state === AFTER_NAME
  if (code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b)) {
    return isNamed ? AFTER_NAME : state === BEFORE_VALUE ? state : BEFORE_NAME
  }
  if (state === BEFORE_VALUE || state === UNQUOTED) return UNQUOTED
  if (code === 0x2f) return BEFORE_NAME
  if (code === 0x3d && isNamed) return BEFORE_VALUE
  return state === TAG_NAME ? state : NAME
}
