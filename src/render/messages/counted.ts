/** A number with its noun, in the form that the language uses with it; `space` stands between them. */
export function counted(
  lang: string,
  { one, other }: { readonly one: string; readonly other: string },
  space = ' ',
): (count: number) => string {
  return (count) => `${count}${space}${new Intl.PluralRules(lang).select(count) === 'one' ? one : other}`
}
