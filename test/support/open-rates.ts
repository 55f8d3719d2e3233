import type { RateLimits } from '../../src/receive/options/limits.js'

const many = 1_000_000_000

/** Limits by the hour that let a flood pass, for tests that make one. */
export const openRates: RateLimits = {
  total: many,
  perPost: many,
  perHost: many,
  perDomain: many,
  perClient: many,
}
