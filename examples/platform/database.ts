import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PostgreSQL server of our own, in a folder that goes away with it. */
export interface Database {
  /** What `pg` connects to. */
  readonly connectionString: string
  stop(): Promise<void>
}

const debian = '/usr/lib/postgresql'

/** Where the programs of the newest PostgreSQL are that is installed as Debian does it; `undefined` where there is none. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(debian)) return undefined
  const versions = readdirSync(debian).sort((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => join(debian, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')))
}

/**
 * Starts a server on a socket in a new folder, with the settings PostgreSQL comes with, and those given. It ends with
 * `stop`, and also when this process dies. Throws where PostgreSQL is not installed.
 */
export async function startPostgres(settings: readonly string[] = []): Promise<Database> {
  const bin = postgresPrograms()
  if (bin === undefined) throw new Error('PostgreSQL is not installed here. Run: apt-get install postgresql')
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-pg-'))
  const user = owner()
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C' } }
  const creation = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']
  execFileSync(join(bin, 'initdb'), creation, { ...options, stdio: ['ignore', 'ignore', 'inherit'] })

  const flags = ['-c', 'max_connections=200', ...settings.flatMap((setting) => ['-c', setting])]
  const command = [join(bin, 'postgres'), '-D', data, '-k', folder, '-h', '', ...flags]
  // The shell ends the server and removes the folder once its own input ends: when this process does, however it does.
  const script = '"$0" "$@" & server=$!; read -r _; kill -INT $server; wait $server; rm -rf "$PWD"'
  const shell = spawn('/bin/sh', ['-c', script, ...command], {
    ...options,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  shell.unref()
  const errors: string[] = []
  shell.stderr.on('data', (chunk) => errors.push(String(chunk)))
  for (let tries = 0; !isReady(bin, folder); tries += 1) {
    if (tries === 100) throw new Error(`PostgreSQL did not start: ${errors.join('')}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    connectionString: `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}`,
    async stop() {
      const ended = once(shell, 'exit')
      shell.ref()
      shell.stdin.end()
      await ended
    },
  }
}

function isReady(bin: string, folder: string): boolean {
  try {
    execFileSync(join(bin, 'pg_isready'), ['-q', '-h', folder])
    return true
  } catch {
    return false
  }
}

/** PostgreSQL does not run as root: there it gets the account that Debian made for it. */
function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']))
  return { uid: idOf('-u'), gid: idOf('-g') }
}
