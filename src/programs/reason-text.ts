import type { Reason, ReasonCode } from '../base/reason.js'
import { formatMessage } from '../text/message.js'
import en from './reasons/en.json' with { type: 'json' }
import ja from './reasons/ja.json' with { type: 'json' }

/** A phrase for every reason there is; its placeholders are the parameters of the reason. */
const languages: Record<'en' | 'ja', Readonly<Record<ReasonCode | 'check-failed-by', string>>> = { en, ja }

/**
 * Says a reason (of a trackback, a check, or a delivery) in English or Japanese, as plain text; the words of a person
 * stay as they are. Throws a `TypeError` for another language.
 *
 * ```ts
 * const { deliveries } = (await sender.report(post.id)) ?? { deliveries: [] }
 * for (const { target, reason } of deliveries) console.log(target, reasonText(reason, 'ja'))
 * ```
 */
export function reasonText(reason: Reason, lang: 'en' | 'ja' = 'en'): string {
  if (!Object.hasOwn(languages, lang)) throw new TypeError(`there are no reasons in '${lang}', but in en, ja`)
  if (typeof reason === 'string') return reason
  const isExplained = reason.code === 'check-failed' && reason.error !== undefined
  // A release after this one may have kept a code that is unknown here.
  const phrase: string | undefined = languages[lang][isExplained ? 'check-failed-by' : reason.code]
  return phrase === undefined ? reason.code : formatMessage(phrase, { ...reason }, lang)
}
