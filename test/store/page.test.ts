import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eachOf, toPage } from '../../src/store/page.js'

it('all pages together hold each item once, in order, and no page is read that is not asked for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(30), fc.integer({ min: 1, max: 10 }), fc.nat(30), async (size, limit, atMost) => {
      const all = Array.from({ length: size }, (_, index) => index + 1)
      let pages = 0
      const read = async (after = '0') => {
        pages += 1
        const rows = all.filter((item) => item > Number(after)).slice(0, limit + 1)
        return toPage(rows, limit, String)
      }
      const found: number[] = []
      for await (const item of eachOf(read)) {
        found.push(item)
        if (found.length > atMost) break
      }
      expect(found).toEqual(all.slice(0, atMost + 1))
      expect(pages).toBe(Math.max(1, Math.ceil(found.length / limit)))
    }),
  )
})
