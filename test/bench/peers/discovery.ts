import { inTurn, type Outcome, rateOf } from '../harness.js'
import { type Finder, finders } from './finders.js'
import { madeUpQuestions, type Question, realQuestions, sizedQuestions } from './questions.js'

/** How right a finder is about a set of questions. */
export interface Score {
  readonly right: number
  /** A ping URL where there is none, or another than the post's. */
  readonly wrong: number
}

/** What was measured of each finder, in their order, about one set of pages. */
export interface Finding {
  readonly title: string
  readonly questions: number
  readonly without: readonly Outcome[]
  readonly withTrackback: readonly Outcome[]
  readonly scores: readonly Score[]
}

const rounds = 5

/** Compares the finders on pages made here, and on those of a corpus where one is given. */
export async function compareFinders(corpus: string | undefined): Promise<Finding[]> {
  const madeUp = await compare('made-up pages', sizedQuestions(), madeUpQuestions())
  if (corpus === undefined) return [madeUp]
  const real = realQuestions(corpus)
  const pages = [...new Map(real.map((question) => [question.page, question])).values()]
  return [madeUp, await compare('real pages', pages, real)]
}

async function compare(
  title: string,
  pages: readonly Question[],
  questions: readonly Question[],
): Promise<Finding> {
  const [without, withTrackback] = [true, false].map((isNone) =>
    pages.filter(({ answer }) => (answer === null) === isNone),
  )
  return {
    title,
    questions: questions.length,
    without: await rates(`${title} without a ping URL`, without ?? []),
    withTrackback: await rates(`${title} with a ping URL`, withTrackback ?? []),
    scores: finders.map((finder) => scoreOf(finder, questions)),
  }
}

/** Pages a second, over all pages of a set again and again. */
function rates(title: string, pages: readonly Question[]): Promise<Outcome[]> {
  const [first, ...others] = finders
  const contender = ({ name, find }: Finder) => ({
    name,
    round: () => rateOf(() => pages.forEach(({ page, url }) => void find(page, url)), 300) * pages.length,
  })
  return inTurn(
    `peers: ${title}, ${pages.length} of them`,
    [contender(first), ...others.map(contender)],
    rounds,
  )
}

function scoreOf({ find }: Finder, questions: readonly Question[]): Score {
  const found = questions.map(({ page, url, answer }) => ({ answer, given: find(page, url) }))
  const right = found.filter(({ given, answer }) => given === answer).length
  const wrong = found.filter(({ given, answer }) => given !== answer && given !== null).length
  return { right, wrong }
}
