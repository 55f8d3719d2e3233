/**
 * What has no place in a line of text: C0 (but white space), DEL, C1, bidi controls, invisible operators, annotation and
 * byte order marks, tag characters, noncharacters and (`u` makes it so) lone surrogates.
 */
export const UNPRINTABLE: RegExp =
  /[\0-\x08\x0E-\x1F\x7F-\x9F\u200B\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}\p{Bidi_C}\p{NChar}\p{Cs}]/gu
