const kinds = {
  function: 'a function',
  boolean: 'true or false',
  string: 'a string',
  number: 'a number',
  list: 'a list',
  object: 'an object',
  any: 'given',
} as const

/** Names by the kind of their values, with spaces between them; one that must be given ends with `!`. */
export type OptionNames = { readonly [kind in keyof typeof kinds]?: string }

/**
 * Makes the check of an object of options. It throws a `TypeError` for anything but an object, for a name that is not in
 * `names`, and for a value of another kind; the message says what would be right. `undefined` counts as not given.
 */
export function optionCheck(what: string, names: OptionNames): (given: unknown) => void {
  const known = new Map<string, keyof OptionNames>()
  const required: string[] = []
  for (const [kind, list] of Object.entries(names) as [keyof OptionNames, string][]) {
    for (const name of list.split(' ')) {
      known.set(name.replace('!', ''), kind)
      if (name.endsWith('!')) required.push(name.slice(0, -1))
    }
  }
  return (given = required.length > 0 ? null : {}) => {
    if (kindOf(given) !== 'object') throw new TypeError(`${what} must be an object`)
    const values = given as Readonly<Record<string, unknown>>
    const unknown = Object.keys(values).find((name) => !known.has(name))
    if (unknown !== undefined)
      throw new TypeError(`${what}: unknown name '${unknown}'; use ${[...known.keys()].join(', ')}`)
    for (const [name, kind] of known) {
      const value = values[name]
      const isRight = kind === 'any' ? value !== undefined : kindOf(value) === kind
      if (!isRight && (value !== undefined || required.includes(name)))
        throw new TypeError(`${what}: ${name} must be ${kinds[kind]}`)
    }
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  return value === null ? 'null' : typeof value
}

/** Throws a `TypeError` for a value that is not among the choices; `undefined` is the default. */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value as string)) return
  throw new TypeError(`unknown ${name} '${value}'; use ${choices.join(', ')}`)
}

/** Throws a `TypeError` for an id that is not a string, such as a number of a database. */
export function checkId(id: unknown, what = 'an id'): void {
  if (typeof id !== 'string') throw new TypeError(`${what} must be a string, not ${typeof id}`)
}
