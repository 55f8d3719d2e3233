import { describe, expect, it } from 'vitest'
import type { TrackbackState } from '../../../src/store/store.js'
import { post } from '../../receive/support.js'
import { attribute, textOf } from '../../render/page.js'
import { moderationWith, receiverHolding, type Seen, textIn, textsOf, titlesOf, visit } from './support.js'

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
      .filter(({ tagName }) => tagName === 'dt')
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
    expect(facts(seen)).toMatchObject({
      'The ping says': 'An excerpt',
      'The page says': '…昨日の JALの対応 を読んだ',
      To: post.title,
      Why: expect.stringContaining('the spam score is low'),
    })
    expect(textsOf(seen, 'score')).toEqual(['Score −0.7'])
    expect(textsOf(seen, 'checks')).toEqual([
      '−5 URLs: 4 URLs in the text +2 Link: the page links to the post +1 friends: a note of my own',
    ])
    const quotation = seen.elements.find(({ tagName }) => tagName === 'blockquote')
    expect(attribute(quotation, 'cite')).toBe('https://blog0.example/moved')
    expect(textIn(seen, 'mark')).toBe('JALの対応')
  })

  it('counts what waits and what is being verified, and says so where there is nothing', async () => {
    const { browser } = await opened({ state: 'unverified' }, { state: 'unverified' }, { state: 'published' })
    const seen = await browser.open('')
    expect(textsOf(seen, 'count')).toEqual(['0', '2'])
    expect(textsOf(seen, 'empty')).toEqual(['Nothing waits for you.'])
    expect(titlesOf(await browser.open('unverified'))).toHaveLength(2)
  })

  it('shows the id of a post that is no longer there, also where findPost throws', async () => {
    const { receiver } = await receiverHolding({ postId: 'gone' })
    expect(facts(await visit(moderationWith(receiver).fetch).open(''))['To']).toBe('gone')
    const errors: unknown[] = []
    const broken = {
      ...receiver,
      report: (error: unknown) => void errors.push(error),
      findPost: () => Promise.reject(new Error('no database')),
    }
    const seen = await visit(moderationWith(broken).fetch).open('')
    expect([seen.status, facts(seen)['To'], errors.length]).toEqual([200, 'gone', 1])
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
    await browser.open('held?select=all')
    await browser.press(`publish:${ids[1]}`)
    expect((await store.get(ids[0] ?? ''))?.state).toBe('held')
    expect((await store.get(ids[1] ?? ''))?.state).toBe('published')
  })

  it('take all of a page, where all are to be selected', async () => {
    const { browser, store } = await opened({}, {}, {}, {}, {})
    expect(await browser.open('held')).not.toMatchObject({ html: expect.stringContaining(' checked') })
    await browser.open('held?select=all')
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
    expect(status(seen)).toContain('Nothing was changed.')
    expect(await store.count({ state: 'held' })).toBe(1)
  })

  it('are none where Enter is pressed on a checkbox: browsers press the first button that can be pressed', async () => {
    const { browser, store } = await opened({})
    const { elements } = await browser.open('held?select=all')
    const buttons = elements.filter(
      (each) => each.tagName === 'button' && attribute(each, 'disabled') === undefined,
    )
    const [first] = buttons.filter((each) => attribute(each, 'name') === 'do')
    expect(status(await browser.press(attribute(first, 'value') ?? ''))).toContain('Nothing was changed.')
    expect(await store.count({ state: 'held' })).toBe(1)
  })

  it('keep the note of who decided', async () => {
    const { browser, ids } = await opened({})
    await browser.open(`trackback/${ids[0]}`)
    const seen = await browser.press(`hold:${ids[0]}`.replace('hold', 'reject'), [
      ['note', ' off\u202e topic\n'],
    ])
    expect(textsOf(seen, 'rows')).toEqual([expect.stringMatching(/^Rejected .* hanako rejected off topic$/)])
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
    expect(status(await other.post(`token=${other.token()}&do=${undo}`))).toContain('Nothing was changed')
    await receiver.moderation.remove(ids[1] ?? '')
    expect(status(await browser.press(undo))).toBe(
      'Undone. 1 trackback had changed since, and stayed as they are.',
    )
    expect([(await store.get(ids[0] ?? ''))?.state, (await store.get(ids[1] ?? ''))?.state]).toEqual([
      'held',
      'removed',
    ])
    await browser.open('')
    expect(status(await browser.post(`token=${browser.token()}&do=${undo}`))).toContain('Nothing was changed')
  })

  it('are told to nobody else, and to nobody by a link that is made up', async () => {
    const { browser, receiver } = await opened({})
    await browser.open('held?select=all')
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
    ['address', '2001:db8::1', '2001:db8:0:0::/56'],
    ['address', '192.0.2.7', '192.0.2.7'],
  ])(
    'of a %s are added, listed with who and why, taken away, and that is undone',
    async (kind, value, kept) => {
      const { browser, receiver } = await opened()
      await browser.open('blocks')
      const fields = [
        ['kind', kind],
        ['value', value],
        ['note', 'too much'],
      ] as const
      const added = await browser.press('add-block', fields.slice(kind === 'host' ? 1 : 0))
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
    await browser.open('blocks')
    const added = await browser.press('add-block', [
      ['value', 'evil.example'],
      ['note', 'too much'],
    ])
    expect(await receiver.moderation.blocks()).toMatchObject([{ reason: 'too much', user: 'hanako' }])
    await browser.press(/undo:[\w-]+/.exec(added.html)?.[0] ?? '')
    expect(await receiver.moderation.blocks()).toMatchObject([{ reason: 'casino', user: 'taro' }])
    await browser.open('held?select=all')
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
    await browser.open('held?select=all')
    const seen = await browser.press('block')
    expect(status(seen)).toBe('1 trackback marked as spam. Undo')
    expect(told).toEqual([full])
    await browser.press(/undo:[\w-]+/.exec(seen.html)?.[0] ?? '')
    expect(await store.count({ state: 'held' })).toBe(1)
  })

  it.each([
    ['host', 'not a host'],
    ['host', ''],
    ['source', 'nonsense'],
    ['address', '999.1.1.1'],
  ])('of a %s that is %j are refused clearly', async (kind, value) => {
    const { browser, receiver } = await opened()
    await browser.open('blocks')
    const body = new URLSearchParams({ token: browser.token(), do: 'add-block', kind, value })
    expect(status(await browser.post(body.toString()))).toBe(
      'That is no host, URL or address that can be blocked.',
    )
    expect(await receiver.moderation.blocks()).toEqual([])
  })

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

  it('goes from page to page by a cursor, without a gap, and back to the first', async () => {
    const { browser } = await opened(...Array.from({ length: 8 }, (_, index) => ({ title: `t${index}` })))
    const titles: string[] = []
    let path: string | undefined = ''
    while (path !== undefined) {
      const seen = await browser.open(path)
      titles.push(...titlesOf(seen))
      const next = seen.elements.find((each) => each.tagName === 'a' && textOf(each) === 'Next page')
      path = attribute(next, 'href')?.slice('/moderation/'.length)
      if (titles.length > 3) expect(seen.html).toContain('First page')
    }
    expect(titles).toEqual(Array.from({ length: 8 }, (_, index) => `t${index}`))
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
      'The ping says': 'An excerpt',
      Blog: '日記',
      Source: 'https://blog0.example/a#b',
      'Source key': 'https://blog0.example/a',
      To: post.title,
      Received: 'Nov 14, 2023, 10:13 PM',
      'Client address': '192.0.2.1',
      'Character set': 'euc-jp (declared in the header)',
      Outcome: 'Links to the post',
      Why: 'the page links to the post',
      'Last looked at': 'Nov 23, 2026, 3:04 AM',
      Looks: '1',
      'Leads to': 'https://blog0.example/moved',
      'Title of the page': '雲の日記',
      'The page says': '…昨日の JALの対応 を読んだ',
    })
    expect(textsOf(seen, 'checks')[0]).toContain('– Title: no result')
    expect(textsOf(seen, 'rows')).toEqual([
      'Waiting Nov 23, 2026, 12:00 AM The receiver the spam score is low',
    ])
    await browser.press('add-block:address:192.0.2.1')
    expect(textsOf(await browser.open('blocks'), 'rows')[0]).toContain('192.0.2.1')
  })

  it('says what is not known yet', async () => {
    const { browser, ids } = await opened({ state: 'unverified' })
    expect(textsOf(await browser.open(`trackback/${ids[0]}`), 'empty')).toEqual([
      'The source has not been looked at yet.',
      'The checks have not spoken.',
      'Nothing was decided yet.',
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
      '−5 URLの数: 本文にURLが4個 +2 リンク: ページに記事へのリンクがある – 題名: 該当なし +1 friends: a note of my own',
    ])
    expect(facts(seen)).toMatchObject({
      最終確認: '2026/11/23 12:04',
      文字コード: 'euc-jp (ヘッダーの宣言による)',
    })
    const english = seen.elements.filter((each) => attribute(each, 'lang') === '').map(textOf)
    expect(english).toEqual(['a note of my own'])
    const done = await browser.press(`spam:${ids[0]}`)
    expect(status(done)).toBe('1件をスパムにしました。 元に戻す')
    expect(textsOf(done, 'rows')[0]).toMatch(
      /^却下 .* hanako スパムに指定 承認待ち .* 自動 判定の点数が低い$/,
    )
  })

  it('says why a trackback waits whose link others may have written', async () => {
    const reason = { code: 'user-content' } as const
    const { receiver, ids } = await receiverHolding({
      verification: { ...linked, reason, isUserContent: true },
    })
    const browser = visit(moderationWith(receiver, { lang: 'ja' }).fetch)
    expect(facts(await browser.open(`trackback/${ids[0]}`))).toMatchObject({
      結果: '記事へのリンクあり',
      理由: '記事へのリンクがコメントやトラックバックなど、利用者の書き込みにしかない',
    })
  })

  it('falls back to English for a language not known', async () => {
    const { receiver } = await receiverHolding()
    const seen = await visit(moderationWith(receiver, { lang: 'tlh' }).fetch).open('')
    expect(textIn(seen, 'h1')).toBe('Waiting')
    expect(attribute(seen.elements[0], 'lang')).toBe('en')
  })
})
