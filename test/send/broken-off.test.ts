import { expect, it, onTestFinished } from 'vitest'
import { createSender, type Sender } from '../../src/send/outbox/sender.js'
import { openSqlite } from '../../src/sql/sqlite/open.js'
import type { Store } from '../../src/store/store.js'
import { repeated } from '../support/strength.js'
import { failure, pageOf, postTo, quick, serveBlogs } from './blogs.js'

const lease = 60_000
const writes = new Set(['add', 'finish', 'postpone', 'bury', 'put'])
const never = new Promise<never>(() => {})

/** The write at which a process ends, by its number, and whether that one is done before. */
type End = readonly [step: number, isDone: boolean]

/** A store as a process sees it that ends at one of its writes: nothing comes back from there on. */
function mortal(store: Store, [step, isDone]: End) {
  const life = { steps: 0, isOver: false }
  function whileAlive<T extends object>(part: T): T {
    const members = Object.entries(part).map(([name, member]) => {
      const call = async (...given: unknown[]): Promise<unknown> => {
        const isLast = writes.has(name) && !life.isOver && ++life.steps === step
        if (isLast && !isDone) life.isOver = true
        if (life.isOver) await never
        const result: unknown = await member(...given)
        if (isLast) life.isOver = true
        if (life.isOver) await never
        return result
      }
      return [name, call]
    })
    return Object.fromEntries(members) as T
  }
  return { life, store: { ...store, jobs: whileAlive(store.jobs), records: whileAlive(store.records) } }
}

/** Runs what is due until no target waits. */
async function finish(sender: Sender): Promise<void> {
  await expect
    .poll(
      async () => {
        const { done, later } = await sender.runDue()
        const { deliveries = [] } = (await sender.report('7')) ?? {}
        return done + later + deliveries.filter(({ state }) => state === 'waiting').length
      },
      { interval: 1, timeout: 10_000 },
    )
    .toBe(0)
}

/** Announces in a process that ends, goes on in another, and gives the number of writes of the first. */
async function breakOff(announcements: 'one' | 'an edit of it' | 'both at once', end: End): Promise<number> {
  const blogs = await serveBlogs(({ method, url, headers }, response) => {
    const origin = `http://${headers.host}`
    if (method === 'POST' && url === '/tb/2') response.end(failure('Closed'))
    else if (url === '/new/2') response.end(pageOf(`${origin}/new/2`, `${origin}/tb/2`))
    else return false
    return true
  })
  const links = (paths: string[]) => paths.map((path) => blogs.origin + path)
  const pingUrls = links(['/tb/9'])
  const first = postTo(links(['/post/1', '/post/1#c', '/post/2']), { title: 'One', pingUrls })
  const second = postTo(links(['/post/1', '/new/2', '/post/3']), { title: 'Two', pingUrls })
  const store = openSqlite(':memory:')
  let clock = 0
  const now = () => Date.now() + clock
  const start = (own: Store, worker: boolean) => createSender(quick([blogs], { store: own, now, worker }))
  const { life, store: own } = mortal(store, end)
  const survivor = start(store, false)
  onTestFinished(() => survivor.close())
  if (announcements === 'an edit of it') {
    await survivor.announce(first)
    await finish(survivor)
  }
  const sender = start(own, true)
  let announced = ''
  const announceAll = async (): Promise<void> => {
    if (announcements !== 'an edit of it') announced = (await sender.announce(first)) && 'One'
    // Of two in one millisecond, both before the first has begun, nobody says which is the later.
    await new Promise((resolve) => setTimeout(resolve, 2))
    if (announcements !== 'one') announced = (await sender.announce(second, { again: true })) && 'Two'
    await sender.settled('7')
    life.isOver = true
  }
  void announceAll()
  await expect.poll(() => life.isOver, { interval: 1, timeout: 10_000 }).toBe(true)
  clock = lease + 1
  await finish(survivor)
  const sent = blogs.forms.map((form, index) => `${form.get('title')} ${blogs.pingUrls[index]}`)
  const where = `${announcements}, ended at ${end}, announced ${announced}: ${sent.join(', ')}`
  // The one ping that was under way may be sent again.
  expect(sent.length - new Set(sent).size, where).toBeLessThanOrEqual(1)
  const reached = announced === 'Two' ? ['1', '2', '3', '9'] : announced === 'One' ? ['1', '2', '9'] : []
  for (const pingUrl of links(reached.map((name) => `/tb/${name}`))) {
    const last = sent.filter((each) => each.endsWith(` ${pingUrl}`)).at(-1)
    // An edit may be kept though its announcement came to no end.
    expect([`${announced} ${pingUrl}`, `Two ${pingUrl}`], where).toContain(last)
  }
  return life.steps
}

it.each(['one', 'an edit of it', 'both at once'] as const)(
  'THREATS D3: announcing %s, ended at any write and taken up by another process, loses nothing that was announced, and repeats one ping at the most',
  async (announcements) => {
    const count = await breakOff(announcements, [Number.POSITIVE_INFINITY, false])
    const ends = Array.from({ length: 2 * count }, (_, index): End => [(index >> 1) + 1, index % 2 === 1])
    const chosen = ends.toSorted(() => Math.random() - 0.5).slice(0, repeated(ends.length, 10))
    for (const end of chosen) await breakOff(announcements, end)
    console.log(`${announcements}: ended at ${chosen.length} of ${ends.length} places`)
  },
  300_000,
)
