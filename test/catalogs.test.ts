import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { ReasonCode, ReasonParameters } from '../src/base/reason.js'

type Catalog = { readonly [name: string]: string | Catalog }

const src = fileURLToPath(new URL('../src', import.meta.url))
const folders = ['render/messages', 'programs/reasons', 'programs/moderation-page/messages']

function catalogsIn(folder: string): [lang: string, catalog: Catalog][] {
  const files = readdirSync(`${src}/${folder}`).filter((file) => file.endsWith('.json'))
  return files.map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(`${src}/${folder}/${file}`, 'utf8')),
  ])
}

/** The messages of a catalog, by their path in it. */
function messagesOf(catalog: Catalog, path = ''): [name: string, message: string][] {
  return Object.entries(catalog).flatMap(([name, value]) =>
    typeof value === 'string' ? [[path + name, value]] : messagesOf(value, `${path}${name}.`),
  )
}

function placeholdersOf(message: string): string[] {
  return [...new Set([...message.matchAll(/\{(\w+)[,}]/g)].map(([, name = '']) => name))].sort()
}

/** Every code that has parameters, with all of them: the compiler knows that none is missing. */
type Parameters = {
  readonly [Code in ReasonCode as keyof ReasonParameters[Code] extends never ? never : Code]: {
    readonly [Name in keyof Required<ReasonParameters[Code]>]: true
  }
}
const detail = { detail: true } as const
const parameters: Parameters = {
  'http-status': { status: true },
  'check-failed': { error: true },
  'urls-in-text': { count: true },
  'repeated-text': { count: true },
  'blocked-host': { host: true },
  'blocked-word': { word: true },
  listed: { name: true },
  'ping-url-found': detail,
  'ping-url-too-long': { limit: true },
  'no-answer': { status: true },
  BLOCKED_URL: detail,
  TIMEOUT: detail,
  NETWORK: detail,
  TOO_LARGE: detail,
  TOO_MANY_REDIRECTS: detail,
  INVALID_RESPONSE: detail,
  UNSUPPORTED_TYPE: detail,
  NO_SQLITE: detail,
  CLOSED: detail,
}

describe.each(folders)('the catalogs in %s', (folder) => {
  const catalogs = catalogsIn(folder)
  const english = new Map(messagesOf(catalogs.find(([lang]) => lang === 'en')?.[1] ?? {}))

  it('are there in English and Japanese at least', () => {
    expect(catalogs.map(([lang]) => lang)).toEqual(expect.arrayContaining(['en', 'ja']))
    expect(english.size).toBeGreaterThan(9)
  })

  it.each(catalogs)(
    '%s has the messages of English, with their placeholders, and none else',
    (_, catalog) => {
      const messages = messagesOf(catalog)
      expect(messages.map(([name]) => name)).toEqual([...english.keys()])
      for (const [name, message] of messages) {
        // What is kept as a detail is in English.
        const expected = placeholdersOf(english.get(name) ?? '').filter((each) => each !== 'detail')
        const found = placeholdersOf(message).filter((each) => each !== 'detail')
        expect([name, found]).toEqual([name, expected])
      }
    },
  )

  it.each(catalogs)('%s has a form for every number where one has forms', (lang, catalog) => {
    const { pluralCategories } = new Intl.PluralRules(lang).resolvedOptions()
    for (const [name, message] of messagesOf(catalog)) {
      for (const [, forms = ''] of message.matchAll(/, plural,((?: =?\w+ \{[^{}]*\})+)\}/g)) {
        const keys = [...forms.matchAll(/ (=?\w+) \{/g)].map(([, key]) => key)
        expect([name, keys]).toEqual([name, expect.arrayContaining(['other'])])
        if (!keys.includes('=0') && keys.length > 1)
          expect([name, keys]).toEqual([
            name,
            expect.arrayContaining(pluralCategories.filter((each) => each !== 'many')),
          ])
      }
    }
  })
})

it.each(catalogsIn('programs/reasons'))(
  'the placeholders of a reason in %s are its parameters',
  (_, catalog) => {
    for (const [code, message] of messagesOf(catalog)) {
      const names = Object.keys(parameters[code.replace(/-by$/, '') as keyof Parameters] ?? {})
      const found = placeholdersOf(message)
      expect([code, names]).toEqual([code, expect.arrayContaining(found)])
      // The English text of a detail is left out in other languages, the error of a check has a phrase of its own.
      const isOptional = names[0] === 'detail' || code === 'check-failed'
      if (!isOptional) expect([code, found]).toEqual([code, names])
    }
  },
)
