interface Goal {
  readonly what: string
  readonly isMet: boolean
}

const goals: Goal[] = []

/** Says whether something that was measured is at least, or at most, what the library sets itself. */
export function goal(what: string, value: number, bound: { least: number } | { most: number }): void {
  const isMet = 'least' in bound ? value >= bound.least : value <= bound.most
  const words = 'least' in bound ? `at least ${bound.least}` : `at most ${bound.most}`
  goals.push({ what, isMet })
  console.log(`  ${what}: ${value.toFixed(2)} (goal: ${words})${isMet ? '' : '   MISSED'}`)
}

/** Sums up; gives back whether every goal was met. */
export function allGoalsMet(): boolean {
  const missed = goals.filter(({ isMet }) => !isMet)
  if (goals.length > 0) console.log(`\n${goals.length - missed.length} of ${goals.length} goals met`)
  for (const { what } of missed) console.log(`  missed: ${what}`)
  return missed.length === 0
}
