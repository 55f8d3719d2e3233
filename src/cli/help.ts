import { type Command, commonOptions, type Option } from './command.js'
import type { Printer } from './printer.js'
import { bold, dim } from './style.js'
import { wrap } from './wrap.js'

const width = 80

/** What `trackbacks --help` writes. */
export function printOverview(out: Printer, commands: readonly Command[]): void {
  out.line(bold('trackbacks'), ': send, receive and look into TrackBack pings')
  section(out, 'Usage', ['trackbacks COMMAND …'])
  heading(out, 'Commands')
  printRows(
    out,
    commands.map(({ name, positionals, summary }) => [
      [name, ...positionals.filter((each) => !each.startsWith('['))].join(' '),
      summary,
    ]),
  )
  heading(out, 'Options')
  printRows(out, [
    ['COMMAND --help', 'what a command does, its options, and examples'],
    [
      'COMMAND --json',
      'write JSON, for programs; in place of an answer that there is not, { error: { code, message } }',
    ],
    ['--version', 'the version'],
  ])
  printExamples(out, [
    'trackbacks discover https://blog.example/2026/hello',
    'trackbacks announce https://my.blog/2026/hello --dry-run',
  ])
  section(out, 'Exit status', [
    '0 done; 1 the answer is no: nothing found, refused, no link, network trouble; 2 used wrongly.',
  ])
}

/** What `trackbacks COMMAND --help` writes. */
export function printHelp(out: Printer, command: Command): void {
  const { name, positionals, summary, about, actions, options, json, examples } = command
  out.line(bold(`trackbacks ${name}`), `: ${summary}`)
  section(out, 'Usage', [['trackbacks', name, ...positionals, '[OPTIONS]'].join(' ')])
  for (const text of about) {
    out.line()
    paragraph(out, text, 0)
  }
  if (actions) {
    heading(out, 'Actions')
    printRows(out, actions)
  }
  heading(out, 'Options')
  printRows(out, Object.entries({ ...options, ...commonOptions }).map(optionRow))
  heading(out, 'With --json')
  for (const line of json) out.line('  ', line)
  printExamples(out, examples)
}

function optionRow([name, { value, isMany, about }]: [string, Option]): [string, string] {
  return [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    isMany ? `${about}; may be given again` : about,
  ]
}

/** Names and what they mean: side by side where the names are short, else one under the other. */
function printRows(out: Printer, rows: readonly (readonly [name: string, about: string])[]): void {
  const column = Math.max(...rows.map(([name]) => name.length).filter((length) => length <= 24)) + 4
  for (const [name, about] of rows) {
    const lines = wrap(about, width - column)
    if (name.length + 4 > column) out.line('  ', name)
    else lines.unshift(`${name.padEnd(column - 2)}${lines.shift()}`)
    lines.forEach((line, index) => {
      const isFirst = index === 0 && name.length + 4 <= column
      out.line(' '.repeat(isFirst ? 2 : column), line)
    })
  }
}

function printExamples(out: Printer, examples: readonly string[]): void {
  heading(out, 'Examples')
  for (const example of examples) out.line('  ', dim('$ '), example)
}

function section(out: Printer, title: string, paragraphs: readonly string[]): void {
  heading(out, title)
  for (const text of paragraphs) paragraph(out, text, 2)
}

function heading(out: Printer, title: string): void {
  out.line()
  out.line(bold(title))
}

function paragraph(out: Printer, text: string, indent: number): void {
  for (const line of wrap(text, width - indent)) out.line(' '.repeat(indent), line)
}
