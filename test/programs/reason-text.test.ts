import { describe, expect, it } from 'vitest'
import type { Reason } from '../../src/base/reason.js'
import { reasonText } from '../../src/programs/reason-text.js'

const later = { code: 'of-a-later-release' } as unknown as Reason

describe('reasonText', () => {
  it.each([
    [{ code: 'linked' }, 'the page links to the post', 'ページに記事へのリンクがある'],
    [{ code: 'http-status', status: 503 }, 'the page returned HTTP 503', 'ページの応答がHTTP 503'],
    [{ code: 'blocked-word', word: '薬' }, "the text contains '薬'", '本文に「薬」がある'],
    [{ code: 'check-failed', error: 'TIMEOUT' }, 'failed: TIMEOUT', '判定できなかった(TIMEOUT)'],
    [{ code: 'check-failed' }, 'failed', '判定できなかった'],
    [
      { code: 'NETWORK', detail: 'a.example closed the connection' },
      'a.example closed the connection',
      '接続できない',
    ],
    ['off topic', 'off topic', 'off topic'],
    ['', '', ''],
    [later, 'of-a-later-release', 'of-a-later-release'],
  ] as [Reason, string, string][])('of %o is “%s” and 「%s」', (reason, en, ja) => {
    expect([reasonText(reason), reasonText(reason, 'en'), reasonText(reason, 'ja')]).toEqual([en, en, ja])
  })

  it('throws a TypeError for a language that it does not have', () => {
    for (const lang of ['fr', 'toString', '']) {
      expect(() => reasonText('x', lang as 'en')).toThrow(
        new TypeError(`there are no reasons in '${lang}', but in en, ja`),
      )
    }
  })
})
