import { expect, it } from 'vitest'
import { discoverInHtml } from '../../../src/discover/page.js'
import { madeUpQuestions } from './questions.js'

it.each(madeUpQuestions())('discoverInHtml answers: $name', ({ page, url, answer }) => {
  expect(discoverInHtml(page, { url }).pingUrl).toBe(answer)
})
