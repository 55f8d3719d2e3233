/** The name that somebody may have meant: one that begins so, or else the one with the fewest slips; `null` for none. */
export function nearest(word: string, names: readonly string[]): string | null {
  const text = word.toLowerCase()
  const begun = names.filter((name) => text.length > 1 && name.startsWith(text))
  if (begun.length === 1) return begun[0] ?? null
  const [best] = names
    .map((name) => ({ name, slips: slipsBetween(text, name) }))
    .sort((a, b) => a.slips - b.slips)
  return best && best.slips <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : null
}

/** How many letters are left out, too many, wrong, or swapped with their neighbour. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const changed = (row[j - 1] ?? 0) + (isSame ? 0 : 1)
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : changed
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed, swapped))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
