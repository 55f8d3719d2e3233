import { describe, expect, it } from 'vitest'
import type { TrackbackState } from '../../../src/store/store.js'
import { post } from '../../receive/support.js'
import { attribute, textOf } from '../../render/page.js'
import {
  moderationWith,
  origin,
  receiverHolding,
  type Seen,
  textIn,
  textsOf,
  titlesOf,
  visit,
} from './support.js'

const linked = {
  outcome: 'linked',
  reason: { code: 'linked' } as const,
  checkedAt: Date.UTC(2026, 10, 23, 3, 4),
  attempts: 1,
  finalUrl: 'https://blog0.example/moved',
  title: '雲の日記',
  passage: { before: '…昨日の ', link: 'JALの対応', after: ' を読んだ' },
}
const checks = [
  { check: 'urls', score: -5, reason: { code: 'urls-in-text', count: 4 } as const },
  { check: 'link', score: 2, reason: { code: 'linked' } as const },
  { check: 'claim', score: null, reason: { code: 'no-result' } as const },
  { check: 'friends', score: 1, reason: 'a note of my own' },
]
const history = [
  { at: Date.UTC(2026, 10, 23), state: 'held', by: 'policy', reason: { code: 'checks-object' } as const },
] as const

async function opened(...args: Parameters<typeof receiverHolding>) {
  const held = await receiverHolding(...args)
  return { ...held, browser: visit(moderationWith(held.receiver, { pageSize: 3 }).fetch) }
}

const status = (seen: Seen) => textsOf(seen, 'status')[0]
const facts = ({ elements }: Seen) =>
  Object.fromEntries(
    elements
      .filter((each) => attribute(each, 'class') === 'facts')
      .flatMap(({ childNodes }) => childNodes)
      .flatMap((row) => ('childNodes' in row ? (row.childNodes[0] as Seen['elements'][number]) : []))
      .map((dt) => [
        textOf(dt),
        textOf((dt.parentNode as typeof dt).childNodes[1])
          .replace(/\s+/g, ' ')
          .trim(),
      ]),
  )

describe('the list of what waits', () => {
  it('shows what the ping says, what the page says, what for and why', async () => {
    const { browser } = await opened({ title: '雲の日記: 台風の夜', verification: linked, checks, history })
    const seen = await browser.open('')
    expect(titlesOf(seen)).toEqual(['雲の日記: 台風の夜'])
    expect(textsOf(seen, 'excerpt')).toEqual(['An excerpt'])
    expect(textsOf(seen, 'passage')).toEqual(['…昨日の JALの対応 を読んだ'])
    expect(textsOf(seen, 'meta')).toEqual([`日記 blog0.example Nov 14, 2023, 10:13 PM → ${post.title}`])
    expect(textsOf(seen, 'score')).toEqual(['Score −0.7: URLs'])
    expect(textsOf(seen, 'checks')).toEqual([
      '−5 URLs: 4 URLs in the text +2 Link: the page links to the post +1 friends: a note of my own',
    ])
    const quotation = seen.elements.find(({ tagName }) => tagName === 'blockquote')
    expect(attribute(quotation, 'cite')).toBe('https://blog0.example/moved')
    expect(textIn(seen, 'mark')).toBe('JALの対応')
  })

  it('counts what each list has, and says so where there is nothing', async () => {
    const { browser } = await opened({ state: 'unverified' }, { state: 'unverified' }, { state: 'published' })
    const seen = await browser.open('')
    expect(textsOf(seen, 'count')).toEqual(['0', '2', '1', '0', '0'])
    expect(textsOf(seen, 'empty')).toEqual(['Nothing here.'])
    expect(titlesOf(await browser.open('unverified'))).toHaveLength(2)
  })

  it('shows the id of a post that is no longer there, also where findPost throws', async () => {
    const { receiver } = await receiverHolding({ postId: 'gone' })
    expect(textsOf(await visit(moderationWith(receiver).fetch).open(''), 'to')).toEqual(['→ gone'])
    const errors: unknown[] = []
    const broken = {
      ...receiver,
      report: (error: unknown) => void errors.push(error),
      findPost: () => Promise.reject(new Error('no database')),
    }
    const seen = await visit(moderationWith(broken).fetch).open('')
    expect([seen.status, textsOf(seen, 'to'), errors.length]).toEqual([200, ['→ gone'], 1])
  })
})

describe('decisions', () => {
  it.each<[string, TrackbackState, string]>([
    ['publish', 'published', 'published.'],
    ['spam', 'rejected', 'marked as spam.'],
    ['reject', 'rejected', 'rejected.'],
    ['remove', 'removed', 'removed.'],
  ])(
    '%s: those that are ticked go there, the others stay, and one button brings all back',
    async (action, state, said) => {
      const { browser, store, ids } = await opened({}, {}, {})
      await browser.open('')
      const seen = await browser.press(
        action,
        ids.slice(0, 2).map((id) => ['id', id] as const),
      )
      expect(status(seen)).toBe(`2 trackbacks ${said} Undo`)
      expect([await store.count({ state }), await store.count({ state: 'held' })].map(Number)).toEqual([2, 1])
      const undo = seen.elements.find((each) => attribute(each, 'value')?.startsWith('undo:'))
      const back = await browser.press(attribute(undo, 'value') ?? '')
      expect(status(back)).toBe('Undone.')
      expect(await store.count({ state: 'held' })).toBe(3)
      const kept = await store.get(ids[0] ?? '')
      expect(kept?.history.map((entry) => [entry.action, entry.state, entry.user])).toEqual([
        [action, state, 'hanako'],
        ['undo', 'held', 'hanako'],
      ])
    },
  )

  it('are taken by the buttons of one trackback, whatever is ticked', async () => {
    const { browser, store, ids } = await opened({}, {})
    await browser.open('held?select=page')
    await browser.press(`publish:${ids[1]}`)
    expect((await store.get(ids[0] ?? ''))?.state).toBe('held')
    expect((await store.get(ids[1] ?? ''))?.state).toBe('published')
  })

  it('take all of a page, where all are to be selected', async () => {
    const { browser, store } = await opened({}, {}, {}, {}, {})
    expect(await browser.open('held')).not.toMatchObject({ html: expect.stringContaining(' checked') })
    await browser.open('held?select=page')
    const seen = await browser.press('reject')
    expect(status(seen)).toContain('3 trackbacks rejected.')
    expect(await store.count({ state: 'held' })).toBe(2)
    expect(seen.html).not.toContain(' checked')
  })

  it('on a published one: hold; on spam: not spam; on a removed one: publish', async () => {
    const { browser, store, ids } = await opened(
      { state: 'published' },
      { state: 'rejected' },
      { state: 'removed' },
    )
    const steps = [
      ['published', 'hold', 'held'],
      ['spam', 'notSpam', 'published'],
      ['removed', 'publish', 'published'],
    ]
    for (const [index, [list = '', action = '', state]] of steps.entries()) {
      await browser.open(list)
      await browser.press(`${action}:${ids[index]}`)
      expect((await store.get(ids[index] ?? ''))?.state).toBe(state)
    }
  })

  it('change nothing where nothing was ticked, and say so', async () => {
    const { browser, store } = await opened({})
    await browser.open('')
    const seen = await browser.press('publish')
    expect(status(seen)).toContain('Nothing changed.')
    expect(await store.count({ state: 'held' })).toBe(1)
  })

  it('are none where Enter is pressed on a checkbox: browsers press the first button that can be pressed', async () => {
    const { browser, store } = await opened({})
    const { elements } = await browser.open('held?select=page')
    const buttons = elements.filter(
      (each) => each.tagName === 'button' && attribute(each, 'disabled') === undefined,
    )
    const [first] = buttons.filter((each) => attribute(each, 'name') === 'do')
    expect(status(await browser.press(attribute(first, 'value') ?? ''))).toContain('Nothing changed.')
    expect(await store.count({ state: 'held' })).toBe(1)
  })

  it('keep the note of who decided', async () => {
    const { browser, ids } = await opened({})
    await browser.open(`trackback/${ids[0]}`)
    const seen = await browser.press(`hold:${ids[0]}`.replace('hold', 'reject'), [
      ['note', ' off\u202e topic\n'],
    ])
    expect(textIn(seen, 'h1')).toBe('Waiting')
    expect(textsOf(await browser.open(`trackback/${ids[0]}`), 'rows').slice(0, 1)).toEqual([
      expect.stringMatching(/^Rejected .* hanako Reject off topic$/),
    ])
  })

  it('are undone once, by who made them, and leave what was decided since', async () => {
    const { browser, receiver, store, ids } = await opened({}, {})
    await browser.open('')
    const seen = await browser.press(
      'publish',
      ids.map((id) => ['id', id] as const),
    )
    const undo =
      attribute(
        seen.elements.find((each) => attribute(each, 'value')?.startsWith('undo:')),
        'value',
      ) ?? ''
    const other = visit(moderationWith(receiver).fetch, 'taro')
    await other.open(`published?done=${undo.slice('undo:'.length)}`)
    expect(status(await other.post(`token=${other.token()}&do=${undo}`))).toContain('Nothing changed')
    await receiver.moderation.remove(ids[1] ?? '')
    expect(status(await browser.press(undo))).toBe(
      'Undone. 1 trackback changed in the meantime and stayed unchanged.',
    )
    expect([(await store.get(ids[0] ?? ''))?.state, (await store.get(ids[1] ?? ''))?.state]).toEqual([
      'held',
      'removed',
    ])
    await browser.open('')
    expect(status(await browser.post(`token=${browser.token()}&do=${undo}`))).toContain('Nothing changed')
  })

  it('are told to nobody else, and to nobody by a link that is made up', async () => {
    const { browser, receiver } = await opened({})
    await browser.open('held?select=page')
    const done = await browser.press('publish')
    const key = /undo:([\w-]+)/.exec(done.html)?.[1]
    const other = visit(moderationWith(receiver).fetch, 'taro')
    expect(status(await other.open(`?done=${key}`))).toBeUndefined()
    expect(status(await browser.open('?done=<b>x'))).toBeUndefined()
  })
})

describe('blocks', () => {
  it('of the hosts of spam come with one button, and go with its undo', async () => {
    const urls = ['https://evil.example/1', 'https://evil.example/2', 'https://known.example/']
    const { browser, receiver, store, ids } = await opened(...urls.map((url) => ({ url })))
    await receiver.moderation.block({ kind: 'host', value: 'known.example' }, 'before')
    await browser.open('')
    const seen = await browser.press(
      'block',
      ids.map((id) => ['id', id] as const),
    )
    expect(status(seen)).toContain('3 trackbacks marked as spam. Blocked: evil.example.')
    expect((await receiver.moderation.blocks()).map(({ value }) => value)).toEqual([
      'evil.example',
      'known.example',
    ])
    expect(await store.count({ state: 'rejected' })).toBe(3)
    await browser.press(/undo:[\w-]+/.exec(seen.html)?.[0] ?? '')
    expect((await receiver.moderation.blocks()).map(({ value }) => value)).toEqual(['known.example'])
    expect(await store.count({ state: 'held' })).toBe(3)
  })

  it.each([
    ['host', 'Evil.Example', 'evil.example'],
    ['source', 'https://evil.example/page#x', 'https://evil.example/page'],
    ['address', '2001:db8::1', '2001:db8::/56'],
    ['address', '192.0.2.7', '192.0.2.7'],
  ])(
    'of a %s are added, listed with who and why, taken away, and that is undone',
    async (kind, value, kept) => {
      const { browser, receiver } = await opened()
      await browser.open(`blocks?${new URLSearchParams({ value, note: 'too much' })}`)
      const added = await browser.press(`add-block:${kind}:${kept}`)
      expect(status(added)).toBe(`Blocked: ${kept}. Undo`)
      expect(textsOf(added, 'rows')[0]).toMatch(/ hanako too much Unblock$/)
      const removed = await browser.press(`unblock:${kind}:${kept}`)
      expect([status(removed), await receiver.moderation.blocks()]).toEqual(['Unblocked. Undo', []])
      await browser.press(/undo:[\w-]+/.exec(removed.html)?.[0] ?? '')
      expect(await receiver.moderation.blocks()).toMatchObject([
        { kind, value: kept, reason: 'too much', user: 'hanako' },
      ])
    },
  )

  it('of what was blocked before stand in place of that, and their undo brings it back', async () => {
    const { browser, receiver } = await opened({ url: 'https://evil.example./1' })
    await receiver.moderation.block({ kind: 'host', value: 'evil.example' }, 'casino', 'taro')
    await browser.open('blocks?value=evil.example&note=too+much')
    const added = await browser.press('add-block:host:evil.example')
    expect(await receiver.moderation.blocks()).toMatchObject([{ reason: 'too much', user: 'hanako' }])
    await browser.press(/undo:[\w-]+/.exec(added.html)?.[0] ?? '')
    expect(await receiver.moderation.blocks()).toMatchObject([{ reason: 'casino', user: 'taro' }])
    await browser.open('held?select=page')
    const spam = await browser.press('block')
    await browser.press(/undo:[\w-]+/.exec(spam.html)?.[0] ?? '')
    expect(await receiver.moderation.blocks()).toMatchObject([{ reason: 'casino', user: 'taro' }])
  })

  it('that there is no room for leave the decision, and its undo', async () => {
    const { browser, receiver, store } = await opened({})
    const full = new RangeError('there are 10000 blocks already')
    const told: unknown[] = []
    receiver.report = (error) => void told.push(error)
    receiver.moderation.block = () => Promise.reject(full)
    await browser.open('held?select=page')
    const seen = await browser.press('block')
    expect(status(seen)).toBe('1 trackback marked as spam. Undo')
    expect(told).toEqual([full])
    await browser.press(/undo:[\w-]+/.exec(seen.html)?.[0] ?? '')
    expect(await store.count({ state: 'held' })).toBe(1)
  })

  it.each([
    ['host', 'not a host/', expect.stringMatching(/^Enter a host name/)],
    ['host', 'co.jp', expect.stringContaining('would refuse them all')],
    ['host', 'blogspot.com', expect.stringContaining('would refuse them all')],
    ['source', 'mailto:a@b.example', expect.stringMatching(/^Enter a host name/)],
    ['address', '192.0.2.0/33', expect.stringContaining('such as 192.0.2.0/24')],
    ['address', '0.0.0.0/0', expect.stringContaining('too wide')],
    ['planet', 'x y', expect.stringMatching(/^Enter a host name/)],
  ])(
    'of a %s that is %j are refused with the reason, and what was typed stays',
    async (kind, value, said) => {
      const { browser, receiver } = await opened()
      await receiver.moderation.block({ kind: 'host', value: 'kept.example' })
      const seen = await browser.open(`blocks?${new URLSearchParams({ value, note: 'mine' })}`)
      expect(textsOf(seen, 'problem')).toEqual([said])
      const [field, note] = ['value', 'note'].map((id) =>
        seen.elements.find((each) => attribute(each, 'id') === id),
      )
      expect([attribute(field, 'value'), attribute(note, 'value')]).toEqual([value, 'mine'])
      expect([attribute(field, 'aria-invalid'), attribute(field, 'aria-describedby')]).toEqual([
        'true',
        'problem',
      ])
      const body = new URLSearchParams({ token: browser.token(), do: `add-block:${kind}:${value}` })
      const refused = await browser.post(body.toString())
      expect(status(refused) ?? textIn(refused, 'h1')).toMatch(
        /^Nothing was blocked|^There is no such action/,
      )
      expect(await receiver.moderation.blocks()).toHaveLength(1)
    },
  )

  it('are listed page by page', async () => {
    const { browser, receiver } = await opened()
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await receiver.moderation.block({ kind: 'host', value: `${name}.example` })
    const first = await browser.open('blocks')
    const next = first.elements.find((each) => textOf(each) === 'Next page' && each.tagName === 'a')
    const second = await browser.open((attribute(next, 'href') ?? '').slice('/moderation/'.length))
    expect(
      [first, second].map(
        (seen) => seen.elements.filter((each) => attribute(each, 'value')?.startsWith('unblock:')).length,
      ),
    ).toEqual([3, 2])
    expect(second.html).not.toContain('Next page')
  })
})

describe('search and pages', () => {
  it('finds text in every state, letter by letter, and says in which', async () => {
    const { browser } = await opened(
      { title: '100% JAL' },
      { title: 'jal', state: 'published' },
      { title: '1000 JALs_' },
    )
    const seen = await browser.open('search?q=Jal')
    expect(titlesOf(seen)).toEqual(['1000 JALs_', 'jal', '100% JAL'])
    expect(textsOf(seen, 'state')).toEqual(['Waiting', 'Published', 'Waiting'])
    expect(titlesOf(await browser.open(`search?q=${encodeURIComponent('0% ')}`))).toEqual(['100% JAL'])
    expect(titlesOf(await browser.open('search?q=s_'))).toEqual(['1000 JALs_'])
    expect(textIn(await browser.open('search?q=nothing%3Cb%3E'), 'h1')).toBe('Found for “nothing<b>”')
    expect(titlesOf(await browser.open('search'))).toEqual([])
  })

  it('goes from page to page by a cursor, without a gap, says which they are, and goes back', async () => {
    const { browser } = await opened(...Array.from({ length: 8 }, (_, index) => ({ title: `t${index}` })))
    const titles: string[] = []
    const ranges: string[] = []
    let path: string | undefined = ''
    const turn = async (text: string) => {
      const seen = await browser.open(path ?? '')
      titles.push(...titlesOf(seen))
      ranges.push(...textsOf(seen, 'range'))
      const link = seen.elements.find((each) => each.tagName === 'a' && textOf(each) === text)
      path = attribute(link, 'href')?.slice('/moderation/'.length)
    }
    let last = ''
    while (path !== undefined) {
      last = path
      await turn('Next page')
    }
    expect(titles.splice(0)).toEqual(Array.from({ length: 8 }, (_, index) => `t${index}`))
    expect(ranges.splice(0)).toEqual(['1–3 of 8', '4–6 of 8', '7–8 of 8'])
    path = last
    while (path !== undefined) await turn('Previous page')
    expect(titles).toEqual(['t6', 't7', 't3', 't4', 't5', 't0', 't1', 't2'])
    expect(ranges).toEqual(['7–8 of 8', '4–6 of 8', '1–3 of 8'])
  })

  it('answers 404 for a page or a trackback there is not, and the first page for a cursor that is none', async () => {
    const { browser } = await opened({})
    for (const path of [
      'nothing',
      'trackback/',
      'trackback/99',
      'trackback/%',
      'trackback/1/2',
      'Waiting',
      '__proto__',
      'constructor',
      '%2e%2e/',
    ]) {
      expect([path, (await browser.open(path)).status]).toEqual([path, 404])
    }
    expect(titlesOf(await browser.open('held?after=x'))).toEqual(titlesOf(await browser.open('held')))
  })
})

describe('the page of one trackback', () => {
  it('says everything that is known', async () => {
    const { browser, ids } = await opened({
      title: 'T',
      verification: linked,
      checks,
      history,
      url: 'https://blog0.example/a#b',
      sourceKey: 'https://blog0.example/a',
    })
    const seen = await browser.open(`trackback/${ids[0]}`)
    expect(textIn(seen, 'h1')).toBe('T')
    expect(facts(seen)).toEqual({
      Title: 'T',
      Excerpt: 'An excerpt',
      Blog: '日記',
      Source: 'https://blog0.example/a#b',
      'Source key': 'https://blog0.example/a',
      'Your post': post.title,
      Received: 'Nov 14, 2023, 10:13 PM',
      'Client IP': '192.0.2.1',
      'Character set': 'euc-jp (declared in the header)',
      Outcome: 'the page links to the post',
      'Last checked': 'Nov 23, 2026, 3:04 AM',
      'Times checked': '1',
      'Redirects to': 'https://blog0.example/moved',
      'Title of the page': '雲の日記',
      'Text around the link': '…昨日の JALの対応 を読んだ',
    })
    expect(textsOf(seen, 'checks')[0]).toContain('– Title: no result')
    expect(textsOf(seen, 'rows').slice(0, 1)).toEqual([
      'Waiting Nov 23, 2026, 12:00 AM Automatic the spam score is low',
    ])
    const block = seen.elements.find((each) => attribute(each, 'href')?.includes('blocks?value=192'))
    await browser.open((attribute(block, 'href') ?? '').slice('/moderation/'.length))
    await browser.press('add-block:address:192.0.2.1')
    expect(textsOf(await browser.open('blocks'), 'rows')[0]).toContain('192.0.2.1')
  })

  it('says what is not known yet', async () => {
    const { browser, ids } = await opened({ state: 'unverified' })
    expect(textsOf(await browser.open(`trackback/${ids[0]}`), 'empty')).toEqual([
      'The source has not been checked yet.',
      'Not checked for spam yet.',
      'No history yet.',
    ])
  })
})

describe('in Japanese', () => {
  it('says everything in Japanese; the words of a person are in a language of their own', async () => {
    const { receiver, ids } = await receiverHolding({ verification: linked, checks, history })
    const browser = visit(moderationWith(receiver, { lang: 'ja-JP', timeZone: 'Asia/Tokyo' }).fetch)
    const list = await browser.open('')
    expect(
      attribute(
        list.elements.find(({ tagName }) => tagName === 'html'),
        'lang',
      ),
    ).toBe('ja-JP')
    expect(textIn(list, 'h1')).toBe('承認待ち')
    const seen = await browser.open(`trackback/${ids[0]}`)
    expect(textsOf(seen, 'checks')).toEqual([
      '−5 URLの数: 本文にURLが4個 +2 リンク: ページに記事へのリンクがある – タイトル: 該当なし +1 friends: a note of my own',
    ])
    expect(facts(seen)).toMatchObject({
      最終確認日時: '2026/11/23 12:04',
      文字コード: 'euc-jp (ヘッダーの宣言による)',
    })
    const foreign = seen.elements.filter((each) => attribute(each, 'lang') === '').map(textOf)
    expect([...new Set(foreign)]).toEqual([
      ...['日記', post.title, 'An excerpt', '雲の日記', '…昨日の JALの対応 を読んだ', 'a note of my own'],
    ])
    const done = await browser.press(`spam:${ids[0]}`)
    expect(status(done)).toBe('1件をスパムに指定しました。 元に戻す')
    expect(textsOf(await browser.open(`trackback/${ids[0]}`), 'rows')[0]).toMatch(
      /^スパム .* hanako スパムに指定 承認待ち .* 自動 判定の点数が低い$/,
    )
  })

  it('says why a trackback waits whose link others may have written', async () => {
    const reason = { code: 'user-content' } as const
    const { receiver, ids } = await receiverHolding({
      verification: { ...linked, reason, isUserContent: true },
    })
    const browser = visit(moderationWith(receiver, { lang: 'ja' }).fetch)
    expect(facts(await browser.open(`trackback/${ids[0]}`))).toMatchObject({
      結果: '記事へのリンクがコメントやトラックバックなど、利用者の書き込みにしかない',
    })
  })

  it('falls back to English for a language not known', async () => {
    const { receiver } = await receiverHolding()
    const seen = await visit(moderationWith(receiver, { lang: 'tlh' }).fetch).open('')
    expect(textIn(seen, 'h1')).toBe('Waiting')
    expect(attribute(seen.elements[0], 'lang')).toBe('en')
  })
})

describe('the undo of an unblock', () => {
  it('of a block that would be refused today says so to onError, and the page goes on', async () => {
    const { browser, receiver, store } = await opened()
    const told: unknown[] = []
    receiver.report = (error) => void told.push(error)
    const old = { kind: 'host', value: 'com', reason: '', at: 1 }
    await store.records.put('block', 'host com', JSON.stringify(old), 0)
    await browser.open('blocks')
    const seen = await browser.press('unblock:host:com')
    expect(await receiver.moderation.blocks()).toEqual([])
    expect(status(await browser.press(/undo:[\w-]+/.exec(seen.html)?.[0] ?? ''))).toBe('Undone.')
    expect(told).toEqual([
      expect.objectContaining({
        message: "'com' is a public suffix: a block of it would refuse everybody there",
      }),
    ])
  })
})

describe('what was done', () => {
  const dayOf = (index: number) => Date.UTC(2026, 10, index + 1)
  /** What stands in the list, from top to bottom: titles, and what was done. */
  const linesOf = ({ elements }: Seen) =>
    elements
      .filter((each) => each.tagName === 'h2' || attribute(each, 'class') === 'status')
      .map((each) => (each.tagName === 'h2' ? textOf(each) : 'done'))

  it.each([
    ['held', 'held', ['t0', 'done', 't2', 't3']],
    ['published', 'published', ['t3', 't2', 'done', 't0']],
  ] as const)(
    'is said in the list %s where the trackback was, and the URL leads there',
    async (list, state, lines) => {
      const { receiver, ids } = await receiverHolding(
        ...[0, 1, 2, 3].map((index) => ({ title: `t${index}`, state, receivedAt: dayOf(index) })),
      )
      const moderation = moderationWith(receiver)
      const browser = visit(moderation.fetch)
      await browser.open(list)
      const seen = await browser.press(`spam:${ids[1]}`)
      expect(linesOf(seen)).toEqual(lines)
      await browser.open(list)
      const body = new URLSearchParams({ token: browser.token(), from: list, do: `remove:${ids[2]}` })
      const headers = { 'x-user': 'hanako', 'content-type': 'application/x-www-form-urlencoded' }
      const response = await moderation.fetch(
        new Request(`${origin}/moderation/`, { method: 'POST', headers, body }),
      )
      expect(response.headers.get('location')).toMatch(/\?done=[\w-]+#done$/)
      expect(seen.elements.filter((each) => attribute(each, 'id') === 'done')).toHaveLength(1)
    },
  )

  it('is said at the top of an empty list, and at the end where the last one went', async () => {
    const { browser, ids } = await opened(
      { title: 't0', receivedAt: dayOf(0) },
      { title: 't1', receivedAt: dayOf(1) },
    )
    await browser.open('')
    expect(linesOf(await browser.press(`publish:${ids[1]}`))).toEqual(['t0', 'done'])
    expect(linesOf(await browser.press(`publish:${ids[0]}`))).toEqual(['done'])
  })

  it('on the page of a trackback goes on to the next of the list it was opened from, then to that list', async () => {
    const { browser, ids } = await opened(
      { title: 'a casino', receivedAt: dayOf(0) },
      { title: 'no', receivedAt: dayOf(1) },
      { title: 'casino, too', receivedAt: dayOf(2) },
    )
    const list = await browser.open('held?q=casino')
    const link = list.elements.find((each) => textOf(each) === 'a casino' && each.tagName === 'a')
    const first = await browser.open((attribute(link, 'href') ?? '').slice('/moderation/'.length))
    expect(textsOf(first, 'pager')).toEqual(['← Waiting Next trackback →'])
    const second = await browser.press(`spam:${ids[0]}`)
    expect([textIn(second, 'h1'), status(second)]).toEqual([
      'casino, too',
      '1 trackback marked as spam. Undo',
    ])
    const end = await browser.press(`spam:${ids[2]}`)
    expect([textsOf(end, 'filters'), status(end)]).toEqual([
      ['Found for “casino” Show all'],
      '1 trackback marked as spam. Undo',
    ])
  })
})

describe('an error', () => {
  it('keeps the head of the page, and leads back to the list that the form came from', async () => {
    const { browser, ids } = await opened({}, {})
    await browser.open('held?q=blog')
    const body = new URLSearchParams({ token: 'x', from: 'held?q=blog', do: `spam:${ids[0]}` })
    const seen = await browser.post(body.toString())
    expect([seen.status, textIn(seen, 'h1')]).toEqual([403, 'This form is not valid for your account.'])
    expect(textIn(seen, 'nav')).toContain('Published')
    const back = seen.elements.find((each) => each.tagName === 'a' && textOf(each) === 'Back to the list')
    expect(attribute(back, 'href')).toBe('/moderation/held?q=blog')
    for (const from of ['//evil.example/', 'https://evil.example/', '']) {
      const other = await browser.post(new URLSearchParams({ token: 'x', from }).toString())
      expect(
        attribute(
          other.elements.find((each) => each.tagName === 'a' && textOf(each) === 'Back to the list'),
          'href',
        ),
      ).toMatch(/^\/moderation\/(held)?$/)
    }
  })
})

describe('all that match', () => {
  const many = (count: number, given: object = {}) => Array.from({ length: count }, () => ({ ...given }))

  it('are decided on with one button, also those of other pages, and brought back with another', async () => {
    const { browser, store } = await opened(...many(7), ...many(2, { title: 'casino' }))
    const seen = await browser.open('held?q=An+excerpt&select=all')
    expect(textsOf(seen, 'select')[0]).toContain('All 9 that match are selected.')
    expect(textIn(seen, 'legend')).toBe('Selected: 9')
    const boxes = seen.elements.filter((each) => attribute(each, 'type') === 'checkbox')
    expect(boxes.map((box) => attribute(box, 'disabled'))).toEqual(['', '', ''])
    const done = await browser.press('spam:*9')
    expect(status(done)).toBe('9 trackbacks marked as spam. Undo')
    expect(await store.count({ state: 'rejected' })).toBe(9)
    await browser.press(/undo:[\w-]+/.exec(done.html)?.[0] ?? '')
    expect(await store.count({ state: 'held' })).toBe(9)
    await browser.open('held?q=casino&select=all')
    await browser.press('reject:*2')
    expect(await store.count({ state: 'rejected', text: 'casino' })).toBe(2)
    expect(await store.count({ state: 'rejected' })).toBe(2)
  })

  it('are those that were counted: what came since stays', async () => {
    const { browser, receiver, store } = await opened(...many(4, { receivedAt: 1 }))
    await browser.open('held?select=all')
    const { store: other } = await receiverHolding({})
    const [late] = (await other.list({})).items
    if (!late) throw new Error('there is no trackback')
    const { id: _, ...fresh } = late
    await receiver.store.add({
      ...fresh,
      url: 'https://late.example/',
      sourceKey: 'https://late.example/',
      receivedAt: 2,
    })
    await browser.press('reject:*4')
    expect(await store.count({ state: 'held' })).toBe(1)
  })

  it('of the spam are emptied with one button', async () => {
    const { browser, store } = await opened(...many(5, { state: 'rejected' as const }), {})
    const seen = await browser.open('spam')
    expect(textsOf(seen, 'select')[0]).toContain('Remove all 5')
    const done = await browser.press('remove:*5')
    expect(await store.count({ state: 'removed' })).toBe(5)
    await browser.press(/undo:[\w-]+/.exec(done.html)?.[0] ?? '')
    expect([await store.count({ state: 'rejected' }), await store.count({ state: 'held' })]).toEqual([5, 1])
  })

  it('of the spam alone, or of what was rejected otherwise, are listed, counted, turned over and emptied', async () => {
    const rejected = { state: 'rejected' as const }
    const { browser, receiver, store, ids } = await opened(
      ...Array.from({ length: 9 }, (_, at) => ({ ...rejected, title: `${at}`, receivedAt: at + 1 })),
    )
    for (const at of [0, 2, 4, 6, 8]) await receiver.moderation.spam(ids[at] ?? '', undefined, 'hanako')
    const seen = await browser.open('spam?only=spam')
    expect([titlesOf(seen), textsOf(seen, 'range')]).toEqual([['8', '6', '4'], ['1–3 of 5']])
    const next = seen.elements.find((each) => attribute(each, 'rel') === 'next')
    const second = await browser.open(attribute(next, 'href')?.replace('/moderation/', '') ?? '')
    expect([titlesOf(second), textsOf(second, 'range')]).toEqual([['2', '0'], ['4–5 of 5']])
    const others = await browser.open('spam?only=rejected')
    expect([titlesOf(others), textsOf(others, 'range')]).toEqual([['7', '5', '3'], ['1–3 of 4']])
    const present = others.elements.filter((each) => attribute(each, 'aria-current') === 'true')
    expect(present.map(textOf)).toEqual(['Rejected'])
    const page = await browser.open(`trackback/${ids[8]}?from=${encodeURIComponent('spam?only=spam')}`)
    const following = page.elements.find((each) => attribute(each, 'rel') === 'next')
    expect(attribute(following, 'href')).toContain(`trackback/${ids[6]}?`)
    await browser.open('spam?only=spam')
    await browser.press('remove:*5')
    expect([await store.count({ state: 'removed' }), await store.count(rejected)]).toEqual([5, 4])
    expect((await store.list(rejected)).items.map(({ title }) => title)).toEqual(['1', '3', '5', '7'])
  })

  it('are filtered by post and blog', async () => {
    const { browser } = await opened(
      { title: 'one', postId: 'p1', blog: 'x' },
      { title: 'two', postId: 'p2', blog: 'x' },
      { title: 'three', postId: 'p2', blog: 'y' },
    )
    const byPost = await browser.open('held?post=p2')
    expect([titlesOf(byPost), textsOf(byPost, 'filters')]).toEqual([['two', 'three'], ['To “p2” Show all']])
    const byBlog = await browser.open('held?blog=x')
    expect([titlesOf(byBlog), textsOf(byBlog, 'range')]).toEqual([['one', 'two'], ['1–2 of 2']])
  })

  it('are counted up to a thousand', async () => {
    const { receiver } = await receiverHolding({})
    const counted: unknown[] = []
    const count: typeof receiver.store.count = async (filter, options) => {
      counted.push([filter.state, options?.atMost])
      return filter.state === 'held' ? 1000 : 999
    }
    const browser = visit(moderationWith({ ...receiver, store: { ...receiver.store, count } }).fetch)
    const seen = await browser.open('')
    expect(textsOf(seen, 'count')).toEqual(['999+', '999', '999', '999', '999'])
    expect(textsOf(seen, 'range')).toEqual(['1–1 of 999+'])
    expect(counted.every((each) => (each as unknown[])[1] === 1000)).toBe(true)
  })
})

describe('a block of a host', () => {
  const from = (host: string, state: TrackbackState, index = 0) => ({
    url: `https://${host}/${index}`,
    state,
  })

  it('says first what it affects, takes the host out of a URL, and warns where readers see trackbacks from there', async () => {
    const { browser } = await opened(
      from('spam.example', 'rejected'),
      from('www.spam.example', 'rejected'),
      from('notspam.example', 'published'),
      from('blogs.example', 'published'),
      from('blogs.example', 'held', 1),
      from('blogs.example', 'removed', 2),
    )
    const spam = await browser.open('blocks?value=https%3A%2F%2FSpam.example%2Fx%3Fy')
    expect(textsOf(spam, 'rows')).toEqual([
      'spam.example Received from there: 2 spam or rejected, 0 published, 0 waiting. Block the host https://spam.example/x?y Received from there: 0 spam or rejected, 0 published, 0 waiting. Block this source',
    ])
    const blogs = await browser.open('blocks?value=blogs.example')
    expect(textsOf(blogs, 'rows')[0]).toContain(
      '1 spam or rejected, 1 published, 1 waiting. Your readers see',
    )
    const path = await browser.open(`blocks?value=${encodeURIComponent('https://blogs.example/1*')}`)
    expect(textsOf(path, 'rows')[0]).toContain(
      '/1* Received from there: 0 spam or rejected, 0 published, 0 waiting.',
    )
    const all = await browser.open(`blocks?value=${encodeURIComponent('https://blogs.example/*')}`)
    expect(textsOf(all, 'rows')[0]).toContain(
      '/* Received from there: 1 spam or rejected, 1 published, 1 waiting.',
    )
  })

  it('of spam leaves out hosts with published trackbacks and public suffixes, and leads to the form for them', async () => {
    const { browser, receiver, ids } = await opened(
      from('spam.example', 'held'),
      from('blogs.example', 'held'),
      from('blogspot.com', 'held'),
      from('blogs.example', 'published', 1),
    )
    await browser.open('held')
    const seen = await browser.press(
      'block',
      ids.slice(0, 3).map((id) => ['id', id] as const),
    )
    expect(status(seen)).toContain(
      'Blocked: spam.example. Not blocked, because it would also affect others: ',
    )
    expect((await receiver.moderation.blocks()).map(({ value }) => value)).toEqual(['spam.example'])
    const links = seen.elements
      .flatMap((each) => attribute(each, 'href') ?? [])
      .filter((href) => /blocks\?value=/.test(href))
    expect(links.map((href) => href.replace(/.*value=/, '')).sort()).toEqual([
      'blogs.example',
      'blogspot.com',
    ])
  })
})
