// npm run check:package: what npm would publish, installed into empty projects, imported, and type-checked there.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkAudit, checkInstalled, checkLockfile, checkTarball } from './hygiene.js'
import { doors, makeProject, pack } from './packed.js'
import { checkTypes } from './types.js'

const folder = mkdtempSync(join(tmpdir(), 'trackbacks-package-'))

try {
  const tarball = pack(folder)
  checkTarball(tarball)
  console.log(`${tarball.filename}: ${tarball.size} bytes, ${tarball.files.length} files`)
  const project = await makeProject(join(folder, 'project'), tarball.path)
  console.log(`installed: ${checkInstalled(project)} packages, none with an install script`)
  checkLockfile()
  console.log('lockfile: every package pinned, with its integrity')
  console.log(checkAudit())
  cpSync(fileURLToPath(new URL('consumer/doors.mjs', import.meta.url)), join(project, 'doors.mjs'))
  const options = { cwd: project, encoding: 'utf8' } as const
  process.stdout.write(execFileSync(process.execPath, ['doors.mjs', ...doors], options))
  const help = execFileSync('npx', ['--no-install', 'trackbacks', '--help'], options)
  if (!help.startsWith('Usage: trackbacks ')) throw new Error(`npx trackbacks --help says: ${help}`)
  console.log(`types: ${await checkTypes(folder, tarball)} ways to compile, no error`)
} finally {
  // What runs beside a step that failed may still write there.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
}
