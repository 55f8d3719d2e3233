import type { ReceiverLimits } from '../../src/receive/options/limits.js'

const many = 1_000_000_000

/** Limits that let a flood pass, for tests that make one. */
export const openLimits: ReceiverLimits = {
  maxPings: many,
  maxPingsPerPost: many,
  maxPingsPerHost: many,
  maxPingsPerDomain: many,
  maxPingsPerClient: many,
}
