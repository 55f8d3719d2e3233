const placeholder = /''|\{(\w+)(?:, plural,((?: =?\w+ \{[^{}]*\})+))?\}/g

/**
 * Fills in the placeholders of a message, in the part of ICU MessageFormat that our texts use: `{name}`;
 * `{count, plural, =0 {none} one {# post} other {# posts}}`, by the plural rules of the language; and `''` for an
 * apostrophe beside a placeholder. A placeholder without a value stays. Nothing is escaped.
 */
export function formatMessage(
  message: string,
  values: Readonly<Record<string, unknown>>,
  lang: string,
): string {
  return message.replace(placeholder, (whole, name?: string, plural?: string) => {
    if (name === undefined) return "'"
    if (!Object.hasOwn(values, name)) return whole
    const value = String(values[name])
    if (plural === undefined) return value
    const forms: Record<string, string | undefined> = Object.fromEntries(
      plural.split(/(?<=\}) /).map((form) => form.trim().split(/ \{|\}/, 2)),
    )
    const rule = new Intl.PluralRules(lang).select(Number(value))
    return (forms[`=${value}`] ?? forms[rule] ?? forms['other'] ?? '').replaceAll('#', () => value)
  })
}
