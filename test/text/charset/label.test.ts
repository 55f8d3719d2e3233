import { describe, expect, it } from 'vitest'
import { charsetOfContentType, parseCharsetLabel } from '../../../src/text/charset/label.js'

const labels: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8 UTF-8 utf8 UTF8 Utf_8 unicode-1-1-utf-8 "utf-8"',
  shift_jis:
    'Shift_JIS SHIFT-JIS Shift-JIS sjis SJIS x-sjis SJIS-win CP932 MS932 Windows-31J ms_kanji shiftjis csShiftJIS',
  'euc-jp': 'EUC-JP euc EUC eucJP-win eucJP-ms EUC_JP x-euc-jp X-EUC-JP ujis CP51932',
  'iso-2022-jp': 'ISO-2022-JP JIS jis7 ISO-2022-JP-MS iso2022jp csISO2022JP CP50221',
  'euc-kr': 'EUC-KR ks_c_5601-1987 KSC5601 UHC CP949 windows-949 euckr ks_c_5601-1989 korean',
  gbk: 'gb2312 GB2312 gbk x-gbk CP936 chinese csGB2312 EUC-CN GB_2312-80',
  gb18030: 'gb18030 GB18030-2000',
  big5: 'Big5 big5-hkscs CP950 x-x-big5 Big-5',
  'windows-1252': 'iso-8859-1 ISO8859-1 latin1 Latin-1 l1 us-ascii ascii windows-1252 cp1252',
  'windows-1251': 'windows-1251 cp1251 win-1251',
  'koi8-r': 'koi8-r KOI8',
  'iso-8859-15': 'iso-8859-15 latin9 Latin-9',
}

describe('parseCharsetLabel', () => {
  it.each(Object.entries(labels))('knows the names of %s', (charset, names) => {
    for (const name of names.split(' ')) expect([name, parseCharsetLabel(name)]).toEqual([name, charset])
  })

  it('passes over white space, quotes and a final semicolon', () => {
    expect(parseCharsetLabel(' \t"EUC-JP"\n;')).toBe('euc-jp')
    expect(parseCharsetLabel("'sjis'")).toBe('shift_jis')
  })

  it.each([
    'UTF-7',
    'utf7',
    'x-user-defined',
    'replacement',
    'iso-2022-kr',
    'hz-gb-2312',
    'iso-2022-cn',
    'utf-32',
    'foobar',
    '',
    ' ',
    '"',
    'utf-8,sjis',
    'SJIS EUC-JP',
    'ASCII, UTF-8, ISO-8859-1',
    'auto',
    'ｕｔｆ－８',
    'utf-8\0',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '<script>',
    `${'x'.repeat(36)}-utf8`,
    'utf-8'.padStart(100),
    'utf-8,'.repeat(33_000),
    ' '.repeat(200_000),
  ])('THREATS C1: %j is no charset', (label) => {
    const start = performance.now()
    expect(parseCharsetLabel(label)).toBeNull()
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  it.each([[['utf-8']], [{}], [null], [undefined], [8]])(
    'PROTOCOL 83: %j is no charset and does not crash',
    (label) => {
      expect(parseCharsetLabel(label as unknown as string)).toBeNull()
    },
  )
})

describe('charsetOfContentType', () => {
  it.each([
    ['application/x-www-form-urlencoded; charset=utf-8', 'utf-8'],
    ['text/html;charset="EUC-JP"', 'euc-jp'],
    ['text/html; Charset = Shift_JIS ; foo=bar', 'shift_jis'],
    ['text/html; charset=euc-jp, text/html; charset=euc-jp', 'euc-jp'],
    ['text/html; charset=foobar', null],
    ['text/html; charset=', null],
    ['text/html; charset=utf-8; charset=sjis', 'utf-8'],
    ['text/html', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%j names %j', (contentType, charset) => {
    expect(charsetOfContentType(contentType)).toBe(charset)
  })

  it('takes linear time', () => {
    const start = performance.now()
    for (const text of ['charset ', 'charset=', ';charset = "']) charsetOfContentType(text.repeat(100_000))
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
