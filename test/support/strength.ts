/**
 * How often the tests repeat what chance decides, from 0 to 1: 0.1 for a first look, as `npm test` has it; 1 for what the
 * project's claims rest on, as `npm run test:all` has it.
 */
export const strength = Number(process.env['TRACKBACK_STRENGTH'] ?? 0.1)

/** Whether programs take part that are installed apart: a PostgreSQL server, Chromium. */
export const withPrograms = strength > 0.1

/** So many repetitions at full strength, fewer for a first look, though never less than `least`. */
export function repeated(full: number, least = 1): number {
  return Math.max(Math.min(full, least), Math.round(full * strength))
}
