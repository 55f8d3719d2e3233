// The files that docs/frameworks.md shows: a block whose first lines name a file in a comment is that file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../package/packed.js'

/** Files by their path. */
export type Files = Readonly<Record<string, string>>

/** The files of a section, by its heading. Throws if the page has no such section. */
export function filesOf(heading: string): Files {
  const page = readFileSync(join(root, 'docs/frameworks.md'), 'utf8')
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`docs/frameworks.md has no section '${heading}'`)
  const blocks = [...section.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
  return Object.fromEntries(blocks.flatMap((code) => (pathOf(code) ? [[pathOf(code), code]] : [])))
}

function pathOf(code: string): string {
  return /^(?:---\n)?(?:\/\/|<!--) (\S+\.\w+)(?: -->)?\n/.exec(code)?.[1] ?? ''
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** The files that all integrations share; only hosts without templates of their own need `page.ts`. */
export function sharedFiles(hasTemplates: boolean): Files {
  const { 'page.ts': page = '', ...others } = filesOf('What they share')
  return hasTemplates ? others : { ...others, 'page.ts': page }
}
