// A consumer's types: the installed declarations, read whole, by the compilers and with the types of Node that users have.
import { execFile } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeProject, type Tarball } from './packed.js'

const programs = fileURLToPath(new URL('types', import.meta.url))
const compilers = ['5.9.3', '7.0.2']
/** The types of the oldest Node there is support for, those of the newest, and none at all. */
const nodeTypes = ['20.19.43', '26', null]
const modules = [
  ['--module', 'nodenext'],
  ['--module', 'esnext', '--moduleResolution', 'bundler'],
]
const strictness = ['strict', 'exactOptionalPropertyTypes', 'noUncheckedIndexedAccess', 'noEmit']
/** A project without Node's types has those of the web for `URL`, `Request` and the like. */
const web = 'ES2022,DOM,DOM.Iterable'

/** Checks every combination; resolves to how many there were. Throws what the compiler said of the first that fails. */
export async function checkTypes(folder: string, { path }: Tarball): Promise<number> {
  const tools = await Promise.all(
    compilers.map((version) => makeProject(join(folder, `tsc-${version}`), `typescript@${version}`)),
  )
  const counts = await Promise.all(
    nodeTypes.map(async (version) => {
      const types = version === null ? [] : [`@types/node@${version}`]
      const project = await makeProject(join(folder, `types-${version ?? 'none'}`), path, ...types)
      cpSync(programs, project, { recursive: true })
      return checkProject(project, tools, version !== null)
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

async function checkProject(project: string, tools: readonly string[], hasNode: boolean): Promise<number> {
  const libraries = hasNode ? ['ES2022', web] : [web]
  const files = hasNode ? ['portable.ts', 'node.ts'] : ['portable.ts']
  const settings = [...strictness.map((name) => `--${name}`), '--target', 'es2022', '--skipLibCheck', 'false']
  let count = 0
  for (const tool of tools) {
    for (const module of modules) {
      for (const lib of libraries) {
        const types = hasNode ? ['--types', 'node'] : []
        await compile(project, tool, [...settings, ...module, '--lib', lib, ...types, ...files])
        count += 1
      }
    }
  }
  return count
}

async function compile(project: string, tool: string, args: readonly string[]): Promise<void> {
  const compiler = join(tool, 'node_modules/typescript/bin/tsc')
  try {
    await promisify(execFile)(process.execPath, [compiler, ...args], { cwd: project })
  } catch (error) {
    const { stdout } = error as { stdout: string }
    throw new Error(`${tool} in ${project}: tsc ${args.join(' ')}\n${stdout}`)
  }
}
