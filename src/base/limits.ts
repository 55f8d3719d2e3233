/** Returns `value`, or `fallback` where it is not given; a limit can never be switched off by `0`, `NaN` or a string. */
export function positiveInteger(value: number | undefined, fallback: number, name: string): number {
  if (value === undefined) return fallback
  if (!Number.isSafeInteger(value) || value <= 0) throw new TypeError(`${name} must be a positive integer`)
  return value
}

/** Limits that may be given, by the names of their defaults. */
export type LimitsOf<T> = { readonly [name in keyof T]?: number | undefined }

/** The limits that are given, each a positive integer, and the defaults for the others; a `TypeError` for other names. */
export function resolveLimits<T extends Record<string, number>>(defaults: T, given: LimitsOf<T> = {}): T {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaults, name))
  if (unknown !== undefined) {
    throw new TypeError(`unknown limit ${unknown}; use ${Object.keys(defaults).join(', ')}`)
  }
  return pickLimits(defaults, given)
}

/** The limits among what is given, each a positive integer, and the defaults for the others. */
export function pickLimits<T extends Record<string, number>>(defaults: T, given: LimitsOf<T>): T {
  const limits: Record<string, number> = { ...defaults }
  for (const [name, usual] of Object.entries(defaults))
    limits[name] = positiveInteger(given[name], usual, name)
  return limits as T
}
