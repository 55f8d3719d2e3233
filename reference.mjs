// npm run reference [-- --print]: writes docs/reference.md, every public name with its doc comment, from the sources.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))

/** The text of docs/reference.md. */
function reference() {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const entries = Object.entries(exports).flatMap(([path, { types }]) =>
    types ? [[name + path.slice(1), types.replace('./dist/', 'src/').replace('.d.ts', '.ts')]] : [],
  )
  return `# Reference

Every public name with its description, by entry. This page is made from the sources: \`npm run reference\`.

${entries.map(([entry, file]) => section(entry, file)).join('\n')}`
}

function section(entry, file) {
  const named = namesOf(file)
  const [values, types] = [named.filter(({ isType }) => !isType), named.filter(({ isType }) => isType)]
  return [`## ${entry}\n`, ...[...values, ...types].map(({ name, from }) => describe(name, from))].join('\n')
}

/** The names that an entry exports, each with the file that declares it. */
function namesOf(file) {
  const exported = readFileSync(join(root, file), 'utf8').matchAll(
    /export (type )?\{([^}]*)\} from '([^']+)'/g,
  )
  return [...exported].flatMap(([, type, names, from]) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
      .map((name) => ({
        name: name.replace(/^type /, ''),
        isType: type !== undefined || name.startsWith('type '),
        from: join(dirname(file), from.replace(/\.js$/, '.ts')),
      })),
  )
}

/** A name, its description and its declaration. Throws if it has no doc comment. */
function describe(name, file) {
  const text = readFileSync(join(root, file), 'utf8')
  const start = new RegExp(
    `^export (?:async )?(?:function\\*?|class|interface|type|const) ${name}\\b`,
    'm',
  ).exec(text)
  if (start === null) return describe(name, importedFrom(name, file, text))
  const before = text.slice(0, start.index)
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(before)?.[1]
  if (comment === undefined) throw new Error(`${name} in ${relative(root, file)} has no doc comment`)
  return `### ${name}\n\n${plain(comment)}\n\n\`\`\`typescript\n${withLimits(declaration(text.slice(start.index)), text)}\n\`\`\`\n`
}

/** The file that a file takes a name from. */
function importedFrom(name, file, text) {
  const [, from] = new RegExp(`\\{[^}]*\\b${name}\\b[^}]*\\} from '([^']+)'`).exec(text) ?? []
  if (from === undefined) throw new Error(`${file} does not declare ${name}`)
  return join(dirname(file), from.replace(/\.js$/, '.ts'))
}

function plain(comment) {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replace(/```ts\n/g, '```typescript\n')
    .trim()
}

/** A declaration without the body of a function or class, and without values. */
function declaration(text) {
  const code = text.slice('export '.length)
  if (/^(?:async )?function/.test(code)) return code.slice(0, endOfSignature(code)).replace(/^async /, '')
  if (/^const/.test(code)) return code.slice(0, code.indexOf(' = ')).trim()
  const end = /^(?:interface|class)/.test(code) ? code.indexOf('\n}\n') + 2 : code.search(/\n(?:\n|$)/)
  return /^class/.test(code) ? withoutBodies(code.slice(0, end)) : code.slice(0, end)
}

/** A declaration with the limits of a table that it takes its members from, as if it had written them itself. */
function withLimits(code, text) {
  const [use, table] = /LimitsOf<typeof (\w+)>/.exec(code) ?? []
  const written = new RegExp(`^(?:export )?const ${table} = \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text)?.[1]
  if (written === undefined) return code
  const members = written.replace(
    /^( {2}\w+): .*,$/gm,
    (_, name) => `  readonly ${name.trim()}?: number | undefined`,
  )
  const own = code.replace(` extends ${use}`, '')
  return own === code ? code.replace(use, `{\n${members}}`) : own.replace(/\}$/, `${members}}`)
}

/** Where the parameters and the type of the result end, and the body begins. */
function endOfSignature(code) {
  let depth = 0
  for (let at = 0; at < code.length; at += 1) {
    const character = code[at]
    if ('({['.includes(character) && !(character === '{' && depth === 0 && code[at + 1] === '\n')) depth += 1
    else if (')}]'.includes(character)) depth -= 1
    else if (character === '{') return code.slice(0, at).trimEnd().length
  }
  return code.length
}

function withoutBodies(code) {
  return code.replace(/^( {2}(?:constructor|\w+)\([\s\S]*?\)[^{;\n]*) \{\n[\s\S]*?\n {2}\}$/gm, '$1')
}

if (process.argv.includes('--print')) process.stdout.write(reference())
else writeFileSync(join(root, 'docs/reference.md'), reference())
