import { Command, type Help, type HelpContext } from 'commander'
import type { CommandDefinition } from './terminal/command.js'
import { type OutputStream, widthOf } from './terminal/printer.js'
import { type Environment, showsColor, withCodes } from './terminal/style.js'
import { wrap } from './terminal/wrap.js'

/** Where the program writes its help. */
export interface ProgramStreams {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Environment
}

/** Runs a command; the options are those that its definition declares. */
export type RunCommand = (
  definition: CommandDefinition,
  operands: readonly unknown[],
  options: object,
) => Promise<void>

const about = 'Send, receive and inspect TrackBack pings.'
const exitStatuses =
  '0 success; 1 negative result or failure (nothing found, refused, no link, network error); 2 usage error.'
const programExamples = [
  'trackbacks discover https://blog.example/2026/hello',
  'trackbacks announce https://my.blog/2026/hello --dry-run',
]
const usualWidth = 80
const leastBeside = 24

/** Makes the parser of the command line. It throws commander's errors, and writes only help. */
export function createProgram(
  definitions: readonly CommandDefinition[],
  run: RunCommand,
  streams: ProgramStreams,
): Command {
  const { stdout, stderr, env } = streams
  const helpWidth = (stream: OutputStream): number =>
    Math.min(widthOf(stream), stream.isTTY ? 200 : usualWidth)
  const program = new Command('trackbacks')
    .description(about)
    .option('--json', 'write JSON, for programs; on failure: { error: { code, message } }')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => helpWidth(stdout),
      getErrHelpWidth: () => helpWidth(stderr),
      getOutHasColors: () => showsColor(stdout, env),
      getErrHasColors: () => showsColor(stderr, env),
    })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: heading,
      styleUsage(this: Help, usage) {
        return wrap(usage, (this.helpWidth ?? usualWidth) - 7).join('\n       ')
      },
      subcommandTerm: (command) =>
        [
          command.name(),
          ...command.registeredArguments
            .filter(({ required }) => required)
            .map((argument) => `<${argument.name()}>`),
        ].join(' '),
      formatItem: (term, termWidth, description, helper) =>
        item(term, description, termWidth, helper.helpWidth ?? usualWidth),
    })
  const sections =
    (write: (width: number) => string[]) =>
    ({ error }: HelpContext): string =>
      write(helpWidth(error ? stderr : stdout)).join('\n')
  for (const definition of definitions) {
    const command = program.command(definition.name).summary(definition.summary)
    command.description(definition.about.join('\n\n')).allowExcessArguments(false)
    definition.declare(command)
    command.addHelpText(
      'after',
      sections((width) => sectionsOf(definition, width)),
    )
    command.action(() => run(definition, command.processedArgs, command.opts()))
  }
  return program.addHelpText(
    'after',
    sections((width) => [
      ...exampleSection(programExamples, width),
      '',
      heading('Exit status:'),
      ...indented(exitStatuses, width),
    ]),
  )
}

const heading = (text: string): string => withCodes(text, 'bold')

function sectionsOf({ actions = [], json, examples }: CommandDefinition, width: number): string[] {
  const termWidth = Math.max(0, ...actions.map(([name]) => name.length))
  const rows = actions.map(([name, meaning]) => item(name, meaning, termWidth, width))
  return [
    ...(rows.length > 0 ? ['', heading('Actions:'), ...rows] : []),
    '',
    heading('With --json:'),
    ...json.flatMap((line) => indented(line, width)),
    ...exampleSection(examples, width),
  ]
}

/** Examples that are too long are continued on the next line as a shell reads them. */
function exampleSection(examples: readonly string[], width: number): string[] {
  const lines = examples.map((example) => wrap(example, width - 8).join(' \\\n      '))
  return ['', heading('Examples:'), ...lines.map((line) => `  $ ${line}`)]
}

function indented(text: string, width: number): string[] {
  return wrap(text, width - 4).map((line, index) => `${index === 0 ? '  ' : '    '}${line}`)
}

/** A name and its meaning: side by side if there is room, else one below the other. */
function item(term: string, meaning: string, termWidth: number, width: number): string {
  const column = termWidth + 4
  if (width - column < leastBeside)
    return [`  ${term}`, ...wrap(meaning, width - 6).map((line) => `      ${line}`)].join('\n')
  const [first = '', ...rest] = wrap(meaning, width - column)
  return [`  ${term.padEnd(termWidth)}  ${first}`, ...rest.map((line) => ' '.repeat(column) + line)].join(
    '\n',
  )
}
