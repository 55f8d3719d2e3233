import { describe, expect, it } from 'vitest'
import { commands } from '../../../src/programs/cli/run.js'
import { help } from '../../../src/programs/cli/terminal/command.js'
import { columnsOf } from '../../../src/programs/cli/terminal/wrap.js'
import { runCli } from './running.js'

const names = commands.map(({ name }) => name)
const pages = [[], ...names.map((name) => [name])]

describe('the help', () => {
  it('lists every command, and the exit statuses', async () => {
    const { status, out, err } = await runCli(['--help'])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    for (const name of names)
      expect(out.replace(/\n {10,}/g, ' ')).toMatch(new RegExp(`^  ${name}\\b.* ${help[name].summary}$`, 'm'))
    expect(out).toContain('2 usage error')
    for (const argv of [['-h'], ['help']]) expect((await runCli(argv)).out).toBe(out)
  })

  it.each(names)('of %s has usage, options, the JSON and examples', async (name) => {
    const { status, out, err } = await runCli([name, '--help'])
    const command = commands.find((each) => each.name === name)
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out.startsWith(`Usage: trackbacks ${name} [options]`)).toBe(true)
    for (const option of ['json', 'help']) expect(out).toContain(`--${option}`)
    for (const heading of ['Options:', 'Global Options:', 'With --json:', 'Examples:'])
      expect(out).toContain(`\n${heading}\n`)
    for (const example of help[name].examples)
      expect(out.replaceAll(/ \\\n +/g, ' ')).toContain(`  $ ${example}\n`)
    for (const [action] of command?.actions ?? []) expect(out).toContain(`\n  ${action} `)
    expect((await runCli(['help', name])).out).toBe(out)
    expect((await runCli([name, '-h'])).out).toBe(out)
  })

  it.each([40, 80, 120])('fits a terminal of %i columns, and ends lines where they end', async (columns) => {
    for (const page of pages) {
      const { out } = await runCli([...page, '--help'], { isTTY: true, columns })
      const lines = out.replaceAll(/\x1B\[\d+m/g, '').split('\n')
      // Only a URL is longer than a line: it is not broken.
      const isLong = (line: string) => columnsOf(line) > columns && !/^ *\S+(?: \\)?$/.test(line)
      expect({ page, long: lines.filter(isLong) }).toEqual({ page, long: [] })
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([])
    }
  })

  it('uses the width that there is, and 80 columns in a pipe', async () => {
    const longest = (text: string) => Math.max(...text.split('\n').map((line) => columnsOf(line)))
    const piped = (await runCli(['announce', '--help'])).out
    expect(longest(piped)).toBeLessThanOrEqual(80)
    const wide = await runCli(['announce', '--help'], { isTTY: true, columns: 120, env: { NO_COLOR: '1' } })
    expect(longest(wide.out)).toBeGreaterThan(100)
    expect(wide.out.split(/[\s\\]+/)).toEqual(piped.split(/[\s\\]+/))
  })

  it('gives examples that the commands would accept', async () => {
    for (const name of names) {
      for (const example of help[name].examples) {
        expect(example.startsWith(`trackbacks `)).toBe(true)
        const [, ...argv] = example.split(' | ')[0]?.match(/"[^"]*"|\S+/g) ?? []
        expect(names).toContain(argv[0])
        const { status, err } = await runCli([...argv, '--help'])
        expect({ name, status, err }).toEqual({ name, status: 0, err: '' })
      }
    }
  })
})
