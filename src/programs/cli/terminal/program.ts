import { createRequire } from 'node:module'
import { Command, Help } from 'commander'
import { addNetworkOptions } from './arguments.js'
import { type CommandDefinition, help } from './command.js'
import { type Environment, type OutputStream, showsColor, widthOf, withCodes } from './printer.js'

/** Where the program writes its help. */
export interface ProgramStreams {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Environment
}

const exitStatuses =
  '0 success; 1 negative result or failure (nothing found, refused, no link, network error); 2 usage error.'
const programExamples = [
  'trackbacks discover https://blog.example/2026/hello',
  'trackbacks announce https://my.blog/2026/hello --dry-run',
]
const tablePrefix = 'prefix of its table names (default: trackbacks_)'
const leastBeside = 24

/** Makes the parser of the command line. It throws commander's errors, and writes only help. */
export function createProgram(
  definitions: readonly CommandDefinition[],
  { stdout, stderr, env }: ProgramStreams,
  run: (definition: CommandDefinition, operands: unknown[], options: object) => Promise<void>,
): Command {
  const helpWidth = (stream: OutputStream): number => (stream.isTTY ? widthOf(stream) : 80)
  const program = new Command('trackbacks')
    .description('Send, receive and inspect TrackBack pings.')
    .option('--json', 'write JSON, for programs; on failure: { error: { code, message } }')
    .version(createRequire(import.meta.url)('trackbacks/package.json').version, '--version')
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
      minWidthToWrap: leastBeside,
      styleTitle: (title) => withCodes(title, 'bold'),
      styleUsage(this: Help, usage) {
        return wrapped(usage, this, 7, '\n       ')
      },
      subcommandTerm: (command) => [command.name(), ...(command.usage().match(/<\S+>/g) ?? [])].join(' '),
      formatItem,
      formatHelp: (command, helper) => {
        const definition = definitions.find(({ name }) => name === command.name())
        return [usual.formatHelp(command, helper), ...sectionsOf(definition, helper)].join('\n')
      },
    })
  for (const definition of definitions) {
    const { summary, about } = help[definition.name]
    const command = program.command(definition.name).summary(summary).description(about.join('\n\n'))
    definition.declare(command)
    if (definition.isOffline) command.option('--table-prefix <prefix>', tablePrefix)
    else addNetworkOptions(command)
    command.action(() => run(definition, command.processedArgs, command.opts()))
  }
  return program
}

const usual = new Help()

/** Breaks a text into lines, each with this much before it. */
function wrapped(text: string, helper: Help, margin: number, lineBreak: string): string {
  return helper.boxWrap(text, (helper.helpWidth ?? 80) - margin).replaceAll('\n', lineBreak)
}

/** A name and its meaning: side by side if there is room, else one below the other. */
function formatItem(this: Help, term: string, termWidth: number, meaning: string): string {
  const isNarrow = (this.helpWidth ?? 80) - termWidth - 4 < leastBeside
  if (isNarrow) return `  ${term}\n      ${wrapped(meaning, this, 6, '\n      ')}`
  return usual.formatItem.call(this, term, termWidth, meaning, this)
}

/** What commander has no place for, in the help of a command or of the program. */
function sectionsOf(definition: CommandDefinition | undefined, helper: Help): string[] {
  const { json, examples } = definition ? help[definition.name] : { json: [], examples: programExamples }
  const actions = definition?.actions ?? []
  const termWidth = Math.max(0, ...actions.map(([usage]) => usage.length))
  const text = (line: string): string => `  ${wrapped(line, helper, 4, '\n    ')}`
  const sections = {
    'Actions:': actions.map(([usage, meaning]) => helper.formatItem(usage, termWidth, meaning, helper)),
    'With --json:': json.map(text),
    // A shell reads on after a backslash.
    'Examples:': examples.map((example) => `  $ ${wrapped(example, helper, 8, ' \\\n      ')}`),
    'Exit status:': definition ? [] : [text(exitStatuses)],
  }
  return Object.entries(sections).flatMap(([title, items]) => helper.formatItemList(title, items, helper))
}
