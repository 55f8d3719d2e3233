import { describe, expect, it } from 'vitest'
import type { QueuedJob } from '../../../src/queue/queue.js'
import { announceJob, linksOf, reasonToWait, runAnnounceJob } from '../../../src/send/outbox/announce-job.js'
import { maxRuns } from '../../../src/send/outbox/delivery-job.js'
import { createSenderContext, type SenderContext } from '../../../src/send/outbox/options.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import type { NewJob } from '../../../src/store/store.js'
import { postTo } from '../blogs.js'

const targets = ['http://a.example/1', 'http://a.example/2', 'http://b.example/3']

function workbench() {
  const store = createMemoryStore()
  let time = Date.now()
  const settings = createSenderContext({ store, blogName: 'My blog', now: () => time })
  const jobs = new Map<string, NewJob>()
  const found: string[] = []
  let room = Number.POSITIVE_INFINITY
  const work = {
    ...settings,
    queue: {
      async enqueue(job: NewJob) {
        if (--room < 0) throw new Error('killed')
        jobs.set(job.key, job)
      },
    },
    tell: (type: string, { target }: { target: string }) => found.push(`${type} ${target}`),
  } as unknown as SenderContext
  const jobOf = (post = postTo(targets), again = false): QueuedJob => {
    time += 1
    const { kind, key, payload } = announceJob(post, linksOf(post, settings), { at: time, again }, settings)
    return { kind, key, payload, attempts: 1, last: false, signal: new AbortController().signal }
  }
  return {
    work,
    jobs,
    found,
    jobOf,
    dieAfter(count: number) {
      room = count
    },
  }
}

describe('runAnnounceJob', () => {
  it('begins one delivery and one job for each target', async () => {
    const { work, jobs, found, jobOf } = workbench()
    await runAnnounceJob(jobOf(), work)
    expect(found).toEqual(targets.map((target) => `found ${target}`))
    expect([...jobs.values()].map(({ kind, group }) => [kind, group])).toEqual([
      ['find-ping-url', 'a.example'],
      ['find-ping-url', 'a.example'],
      ['find-ping-url', 'b.example'],
    ])
  })

  it('THREATS D3: broken off anywhere and run again, begins each target once', async () => {
    for (let count = 0; count < targets.length; count += 1) {
      const { work, jobs, found, jobOf, dieAfter } = workbench()
      const job = jobOf()
      dieAfter(count)
      await expect(runAnnounceJob(job, work)).rejects.toThrow('killed')
      dieAfter(maxRuns)
      await runAnnounceJob(job, work)
      await runAnnounceJob(job, work)
      expect(jobs.size).toBe(3)
      expect(found).toHaveLength(3)
    }
  })

  it('does nothing once the post was announced again', async () => {
    const { work, jobs, jobOf } = workbench()
    const late = jobOf()
    const newer = jobOf(postTo([targets[0] ?? ''], { title: 'Edited' }))
    await runAnnounceJob(newer, work)
    await runAnnounceJob(late, work)
    expect(jobs.size).toBe(1)
  })

  it('begins anew only what is done, for a new text, where that is asked for', async () => {
    const { work, jobs, jobOf } = workbench()
    await runAnnounceJob(jobOf(), work)
    const { version } = JSON.parse(jobOf().payload) as { version: string }
    const kept = await work.deliveries.read('7', targets[0] ?? '')
    if (!kept) throw new Error('there is no delivery')
    await work.deliveries.write({ ...kept.value, state: 'accepted', version }, kept.revision)
    jobs.clear()
    await runAnnounceJob(jobOf(postTo(targets), true), work)
    await runAnnounceJob(jobOf(postTo(targets, { title: 'Edited' }), false), work)
    expect(jobs.size).toBe(0)
    const again = jobOf(postTo(targets, { title: 'Edited' }), true)
    await runAnnounceJob(again, work)
    await runAnnounceJob(again, work)
    expect(jobs.size).toBe(1)
    const anew = await work.deliveries.read('7', targets[0] ?? '')
    expect(anew?.value).toMatchObject({ state: 'waiting', round: 1, attempts: 0, answer: null })
  })
})

describe('a delivery that waits', () => {
  const pingUrl = 'http://a.example/tb'
  const post = postTo([], { pingUrls: [pingUrl] })
  const edited = { ...post, title: 'Edited' }

  it('goes on with a new text in a round of its own where that is asked for, and asks its host no earlier', async () => {
    const { work, jobs, jobOf } = workbench()
    await runAnnounceJob(jobOf(post), work)
    const kept = await work.deliveries.read('7', pingUrl)
    if (!kept) throw new Error('there is no delivery')
    const waiting = { ...kept.value, attempts: 3, nextAt: Date.now() + 60_000 }
    await work.deliveries.write(waiting, kept.revision)
    for (const [title, again, round] of [
      ['My post', true, 0],
      ['Edited', false, 0],
      ['Edited', true, 1],
      ['Edited', true, 1],
      ['Edited again', true, 2],
    ] as const) {
      await runAnnounceJob(jobOf({ ...post, title }, again), work)
      expect((await work.deliveries.read('7', pingUrl))?.value).toMatchObject({
        attempts: 3,
        nextAt: waiting.nextAt,
        round,
      })
      expect(jobs.size).toBe(round + 1)
    }
  })

  it('gets its job from the next announcement where the one before, or a retry, was broken off', async () => {
    const { work, jobs, jobOf, dieAfter } = workbench()
    dieAfter(0)
    await expect(runAnnounceJob(jobOf(post), work)).rejects.toThrow('killed')
    await expect(runAnnounceJob(jobOf(edited, true), work)).rejects.toThrow('killed')
    dieAfter(maxRuns)
    await runAnnounceJob(jobOf(edited), work)
    expect([...jobs.keys()]).toEqual([`send-ping ${JSON.stringify(['7', pingUrl, 1])}`])
    const kept = await work.deliveries.read('7', pingUrl)
    if (!kept) throw new Error('there is no delivery')
    await work.deliveries.restart(kept, Date.now())
    await runAnnounceJob(jobOf(edited), work)
    expect(jobs.size).toBe(2)
  })

  it('gets its job from its own announcement, broken off, where the one after has its link no more', async () => {
    const { work, jobs, jobOf, dieAfter } = workbench()
    const broken = jobOf(post)
    dieAfter(0)
    await expect(runAnnounceJob(broken, work)).rejects.toThrow('killed')
    dieAfter(maxRuns)
    await runAnnounceJob(jobOf(postTo(['http://b.example/'])), work)
    expect([...jobs.values()].map(({ group }) => group)).toEqual(['b.example'])
    await runAnnounceJob(broken, work)
    expect([...jobs.values()].map(({ group }) => group)).toEqual(['b.example', 'a.example'])
  })

  it('gets the new text also where it comes to its end just then', async () => {
    const { work, jobs, jobOf } = workbench()
    await runAnnounceJob(jobOf(post), work)
    const racing = {
      ...work,
      deliveries: {
        ...work.deliveries,
        async read(postId: string, target: string) {
          const kept = await work.deliveries.read(postId, target)
          if (kept?.value.state === 'waiting')
            await work.deliveries.write({ ...kept.value, state: 'accepted' }, kept.revision)
          return kept
        },
      },
    }
    await runAnnounceJob(jobOf(edited, true), racing)
    expect((await work.deliveries.read('7', pingUrl))?.value).toMatchObject({ state: 'waiting', round: 1 })
    expect(jobs.size).toBe(2)
  })
})

describe('linksOf', () => {
  it('keeps to the limits of the sender', () => {
    const limits = { maxTargets: 2, maxSkipped: 1, maxUrlLength: 20 }
    const settings = createSenderContext({ store: createMemoryStore(), blogName: 'My blog', limits })
    const long = 'http://a.example/long'
    expect(linksOf(postTo([long, ...targets]), settings)).toEqual({
      targets: targets.slice(0, 2).map((url) => ({ url, isPingUrl: false })),
      skipped: [{ url: long, reason: 'invalid' }],
      skippedCount: 2,
    })
  })
})

describe('the version of a post', () => {
  it('is that of its text, not of its markup', () => {
    const { jobOf } = workbench()
    const versionOf = (changes: object): string => JSON.parse(jobOf(postTo(targets, changes)).payload).version
    const html = '<p>Hello</p>'
    expect(versionOf({ html })).toBe(versionOf({ html: '<p class="new"><b>Hello</b></p>' }))
    const others = [
      { html: '<p>Hello!</p>' },
      { html, title: 'New' },
      { html, excerpt: 'New' },
      { html, url: 'http://my.example/8' },
    ]
    expect(new Set([{ html }, ...others].map(versionOf)).size).toBe(5)
  })
})

it('a post of 1 MB and 10,000 links makes a small job', () => {
  const { jobOf } = workbench()
  const urls = Array.from({ length: 10_000 }, (_, n) => `http://a.example/${'x'.repeat(80)}/${n}`)
  expect(jobOf(postTo(urls)).payload.length).toBeLessThan(160_000)
})

it('a post waits while it is a draft or its time is to come', () => {
  const post = postTo([])
  expect(reasonToWait(post, 1000)).toBe(null)
  expect(reasonToWait({ ...post, publishedAt: new Date(1000) }, 1000)).toBe(null)
  expect(reasonToWait({ ...post, publishedAt: new Date(1001) }, 1000)).toEqual({ code: 'not-published-yet' })
  expect(reasonToWait({ ...post, draft: true }, 1000)).toEqual({ code: 'draft' })
})
