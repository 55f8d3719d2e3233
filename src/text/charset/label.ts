/** A character set by the Encoding Standard's name in lower case: `'utf-8'`, `'shift_jis'`, `'windows-1252'`, … */
export type Charset = string

// With white space and quotes around it; the name itself has at most 40 characters.
const LONGEST_LABEL = 80
// What old tools send and the Encoding Standard does not list.
const ALIASES: ReadonlyMap<string, Charset> = new Map(
  Object.entries({
    'utf-8': 'utf-8 utf8 utf_8 utf8mb4 utf-8n utf8n',
    shift_jis: `sjis-win sjis_win sjiswin cp932 cp-932 ms-932 windows-932 cp943 cp943c ibm943 ibm-943 shiftjis shift_jis-win
      shift_jisx0213 shift_jis-2004 sjis-2004 sjis-mac x-mac-japanese x-ms-cp932`,
    'euc-jp': `euc eucjp euc_jp eucjp-win eucjp_win eucjpwin euc-jp-win eucjp-ms euc-jp-ms x-eucjp euc-jis euc-jis-2004
      euc-jisx0213 ujis cp51932`,
    'iso-2022-jp': `jis jis7 jis-ms iso-2022-jp-ms iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-2004 iso2022jp
      iso2022-jp iso-2022jp iso_2022_jp iso_2022-jp cp50220 cp50221 cp50222`,
    'euc-kr': `euckr euc_kr x-euc-kr uhc cp949 cp-949 ms949 x-windows-949 ksc5601-1987 ksc5601-1992 ks_c_5601-1992 ksc
      ks_c_5601_1987 cp51949 x-ks_c_5601-1987`,
    gbk: 'gb-2312 cp936 cp-936 ms936 windows-936 x-cp936 euc-cn euccn euc_cn x-euc-cn eucgb2312_cn cp51936',
    gb18030: 'gb-18030 gb18030-2000 gb18030-2005 cp54936',
    big5: 'big-5 big_5 cp950 cp-950 ms950 windows-950 x-windows-950 big5-eten big5hkscs big5-hkscs:2004 bigfive',
    'windows-1252':
      'latin-1 latin_1 iso-latin-1 iso_8859_1 iso8859_1 cp-1252 win-1252 win1252 windows1252 ansi us_ascii',
    'windows-1251': 'cp-1251 win-1251 win1251 windows1251',
    'iso-8859-15': 'latin-9 latin9',
  }).flatMap(([charset, labels]) => labels.split(/\s+/).map((label) => [label, charset] as const)),
)

/**
 * Returns the character set that a label names, or `null` where it names none that is read here (it then counts as
 * not given): unknown labels, `UTF-7`, lists, anything over 40 characters or that is no string. Case, white space
 * around it and quotes do not matter; `SJIS-win`, `eucJP-win`, `JIS`, `UHC` and other names of old tools are known.
 *
 * ```ts
 * parseCharsetLabel('Shift-JIS')   // 'shift_jis'
 * parseCharsetLabel('UTF-7')       // null
 * ```
 */
export function parseCharsetLabel(label: string): Charset | null {
  const known = ALIASES.get(label)
  if (known !== undefined) return known
  if (typeof label !== 'string' || label.length > LONGEST_LABEL) return null
  const name = label
    .replace(/^[\s"']+/, '')
    .replace(/[\s"';]+$/, '')
    .toLowerCase()
  if (!/^(?!x-user-defined$)[a-z0-9][a-z0-9_.:+-]{0,39}$/.test(name)) return null
  return ALIASES.get(name) ?? standardName(name)
}

/** The character set named in a `Content-Type` value (header or `<meta>`, also one said twice), or `null`. The first counts. */
export function charsetOfContentType(contentType: string | null | undefined): Charset | null {
  const label = /charset\s*=\s*["']?([^\s"';,]+)/i.exec(contentType ?? '')?.[1]
  return label === undefined ? null : parseCharsetLabel(label)
}

function standardName(label: string): Charset | null {
  try {
    return new TextDecoder(label).encoding.toLowerCase()
  } catch {
    return null
  }
}
