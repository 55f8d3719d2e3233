import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createTurn } from '../../../src/receive/hosts/turn.js'

it('does what came in one turn at its end, in order, and what comes meanwhile in the next', async () => {
  const done: string[] = []
  const inTurn = createTurn()
  inTurn(() => {
    done.push('first')
    inTurn(() => done.push('third'))
  })
  inTurn(() => done.push('second'))
  expect(done).toEqual([])
  await nextTurn()
  expect(done).toEqual(['first', 'second'])
  await nextTurn()
  expect(done).toEqual(['first', 'second', 'third'])
})
