import type { HistoryEntry, Trackback, TrackbackState } from '../store/store.js'

/** How many entries of a history are kept; what is sent and rejected over and over makes it no longer. */
const longestHistory = 100

/** A history with one entry more, without the oldest ones where it would grow too long. */
export function continued(history: readonly HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  return [...history, entry].slice(-longestHistory)
}

/** Whether the state is one that the receiver decided by itself, and may therefore change. */
export function isDecidedByPolicy({ history }: Trackback): boolean {
  return standingDecision(history)?.by !== 'author'
}

/** The author's decision that is in force, and the state that it ended; `null` where the receiver decided. */
export function undoable({
  history,
}: Trackback): (HistoryEntry & { readonly before: TrackbackState }) | null {
  const decision = standingDecision(history)
  // What an earlier release wrote does not say what was before: then the author is asked again.
  return decision?.by === 'author' ? { ...decision, before: decision.before ?? 'held' } : null
}

/** The entry that decided on the state: a decision that was undone counts for nothing, nor does what undid it. */
export function standingDecision(history: readonly HistoryEntry[]): HistoryEntry | undefined {
  const standing: HistoryEntry[] = []
  for (const entry of history) {
    if (entry.action === 'undo') standing.pop()
    else standing.push(entry)
  }
  return standing.at(-1)
}
