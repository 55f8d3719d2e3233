import { describe, expect, it } from 'vitest'
import { servePages } from '../../../support/servers.js'
import { allow, controlsIn, hostile, runCli } from '../running.js'

const target = 'http://my.example/7'

describe('trackbacks verify', () => {
  it('ends with 0 where the source links to the target, and shows the link', async () => {
    const server = await servePages({ '/1': `<title>Their post</title><a href="${target}#c">a</a>` })
    const source = `${server.origin}/1`
    const { status, out } = await runCli(['verify', source, `${target}#c`, ...allow(server)])
    expect(status).toBe(0)
    expect(out).toBe(`Linked: the page links to the post
  source      ${source}
  target      ${target}#c
  title       Their post
  link        ${target}#c
`)
  })

  it.each([
    ['not-linked', 'Not linked', '/2'],
    ['gone', 'Gone', '/3'],
  ])('ends with 1 where it is %s', async (outcome, headline, path) => {
    const server = await servePages({ '/2': '<p>nothing' })
    const argv = ['verify', server.origin + path, target, ...allow(server)]
    const { status, out } = await runCli(argv)
    expect(status).toBe(1)
    expect(out.startsWith(`${headline}: `)).toBe(true)
    const json = await runCli([...argv, '--json'])
    expect(json.status).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject({ outcome, reason: { code: expect.any(String) } })
  })

  it('says where the link is one that others may have written', async () => {
    const server = await servePages({ '/1': `<ol class="commentlist"><a href="${target}">a</a></ol>` })
    const argv = ['verify', `${server.origin}/1`, target, ...allow(server)]
    const { status, out } = await runCli(argv)
    expect(status).toBe(0)
    expect(out).toMatch(
      /^Linked: the only links to the post are in comments, trackbacks or other user content$/m,
    )
    expect(JSON.parse((await runCli([...argv, '--json'])).out)).toMatchObject({ isUserContent: true })
  })

  it('says of a blocked source how to make an exception', async () => {
    const { status, out } = await runCli(['verify', 'http://10.0.0.1/', target])
    expect(status).toBe(1)
    expect(out).toMatch(
      /^Blocked: request to 10\.0\.0\.1 blocked: its address is not public\. Private .*--allow-host/,
    )
  })

  it('counts another URL of the target', async () => {
    const server = await servePages({ '/1': '<a href="http://my.example/?p=7">a</a>' })
    const argv = ['verify', `${server.origin}/1`, target, ...allow(server)]
    expect((await runCli(argv)).status).toBe(1)
    expect((await runCli([...argv, '--alias', 'http://my.example/?p=7'])).status).toBe(0)
  })

  it('obeys no page', async () => {
    const server = await servePages({ '/1': `<title>${hostile}</title>` })
    const { out } = await runCli(['verify', `${server.origin}/1`, target, ...allow(server)])
    expect(out).toContain('a[31mb')
    expect(controlsIn(out)).toEqual([])
  })
})
