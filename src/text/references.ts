import { decodeHTML, decodeHTMLAttribute, decodeHTMLStrict } from 'entities/decode'

// An emoji as two references to the halves of its surrogate pair (PROTOCOL 126), which HTML has no character for.
const SURROGATE_REFERENCES = /&#(5[56]\d{3}|xd[89ab][\da-f]{2});?&#(5[67]\d{3}|xd[c-f][\da-f]{2});?/gi

const REFERENCE = /&[#a-z]/i
// The library throws for hundreds of digits.
const LONG_NUMBER = /&#(?:\d{9,}|x[\da-f]{9,})/gi

/** Where references stand: in the text of HTML, in the value of an attribute, in XML. */
export type ReferenceKind = 'text' | 'attribute' | 'xml'

/**
 * Decodes character references as HTML does in text or in an attribute's value, where `&copy=` and `&copying` are no
 * references; `xml`: those that end with a semicolon, and no others.
 */
export function decodeReferences(text: string, kind: ReferenceKind = 'text'): string {
  if (!REFERENCE.test(text)) return text
  const whole = text.includes('&#')
    ? text.replace(LONG_NUMBER, shortened).replace(SURROGATE_REFERENCES, joinSurrogates)
    : text
  if (kind === 'xml') return decodeHTMLStrict(whole)
  return kind === 'text' ? decodeHTML(whole) : decodeHTMLAttribute(whole)
}

/** A number without leading zeros, or one that is no character, too. */
function shortened(reference: string): string {
  const [, start = '', digits = ''] = /^(&#x?)0*(.*)$/i.exec(reference) ?? []
  return digits.length < 9 ? `${start}${digits || 0}` : `${start}99999999`
}

function joinSurrogates(references: string, high: string, low: string): string {
  const character = String.fromCharCode(Number(`0${high}`), Number(`0${low}`))
  return character.isWellFormed() ? character : references
}
