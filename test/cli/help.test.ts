import { describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/commands.js'
import { columnsOf } from '../../src/cli/wrap.js'
import { runCli } from './running.js'

const names = commands.map(({ name }) => name)

describe('the help', () => {
  it('lists every command, and the exit statuses', async () => {
    const { status, out, err } = await runCli(['--help'])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    for (const { name, summary } of commands)
      expect(out).toMatch(new RegExp(`^  ${name}\\b.* ${summary}$`, 'm'))
    expect(out).toContain('2 used wrongly')
    for (const argv of [['-h'], ['help']]) expect((await runCli(argv)).out).toBe(out)
  })

  it.each(names)('of %s has usage, every option, the JSON and examples', async (name) => {
    const { status, out, err } = await runCli([name, '--help'])
    const command = commands.find((each) => each.name === name)
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toContain(`\n  trackbacks ${name}`)
    for (const option of Object.keys({ ...command?.options, json: 1, help: 1 }))
      expect(out).toContain(`  --${option}`)
    for (const heading of ['Usage', 'Options', 'With --json', 'Examples'])
      expect(out).toContain(`\n${heading}\n`)
    for (const example of command?.examples ?? []) expect(out).toContain(`  $ ${example}`)
    expect((await runCli(['help', name])).out).toBe(out)
    expect((await runCli([name, '-h'])).out).toBe(out)
  })

  it.each(['', ...names])('fits 80 columns, and ends lines where they end: %s', async (name) => {
    const { out } = await runCli(name === '' ? ['--help'] : [name, '--help'])
    const lines = out.split('\n')
    expect(lines.filter((line) => columnsOf(line) > 80)).toEqual([])
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([])
  })

  it('gives examples that the commands would take', async () => {
    for (const { name, examples } of commands) {
      for (const example of examples) {
        expect(example.startsWith(`trackbacks `)).toBe(true)
        const [, ...argv] = example.split(' | ')[0]?.match(/"[^"]*"|\S+/g) ?? []
        expect(names).toContain(argv[0])
        const { status, err } = await runCli([...argv, '--help'])
        expect({ name, status, err }).toEqual({ name, status: 0, err: '' })
      }
    }
  })
})
