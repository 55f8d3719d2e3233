/**
 * Gathers what comes within one turn of the event loop and does it in one go at its end. What one ping needs, code
 * and data, is in the processor's caches for the next one then; each read and write of a socket in between drives it out,
 * which takes longer than the ping itself.
 */
export function createTurn(): (work: () => void) => void {
  let gathered: (() => void)[] = []

  function doAll(): void {
    const all = gathered
    gathered = []
    for (const work of all) work()
  }

  return (work) => {
    if (gathered.length === 0) setImmediate(doAll)
    gathered.push(work)
  }
}
