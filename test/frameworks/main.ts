// npm run test:frameworks [-- NAME…] [-- --small] [-- --record]: installs each host of docs/frameworks.md in a temporary
// folder, builds it for production, and compares what it answers and stores with node:http.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeProject, pack } from '../package/packed.js'
import { installForFrameworks } from '../package/runtimes.js'
import { type Host, otherHosts, ownHosts } from './hosts.js'
import { askAll, expectedFile, type Failure, probe } from './probe.js'
import { tryHost } from './project.js'
import { tryStaticSite } from './static-site.js'

const staticSite: Host = { name: 'Eleventy', section: '', packages: ['@11ty/eleventy@3.1.8'] }

const options = {
  small: { type: 'boolean' },
  record: { type: 'boolean' },
  keep: { type: 'boolean' },
} as const
const { values, positionals } = parseArgs({ options, allowPositionals: true })
const folder = mkdtempSync(join(tmpdir(), 'trackbacks-frameworks-'))
let failed = 0

try {
  const tarball = pack(folder)
  const installed = await installForFrameworks()
  const runtimes = Object.fromEntries(installed.map(({ kind, command, args }) => [kind, [command, ...args]]))
  if (values.record) await record()
  const isWanted = ({ name, isSmall }: Host): boolean =>
    positionals.length > 0
      ? positionals.some((part) => name.includes(part))
      : !values.small || isSmall === true
  for (const host of [...ownHosts, ...otherHosts, staticSite].filter(isWanted)) {
    if (!host.packages && values.small) continue // npm test runs them
    const start = Date.now()
    const failures = await run(host).catch((error) => [{ what: 'failed', got: textOf(error) }])
    const seconds = ((Date.now() - start) / 1000).toFixed(0)
    console.log(
      `${host.name}: ${failures.length === 0 ? 'passed' : `${failures.length} FAILED`} (${seconds} s)`,
    )
    for (const { what, got } of failures) console.log(`  ${what}: ${textOf(got).slice(0, 1500)}`)
    if (failures.length > 0) failed += 1
  }

  async function run(host: Host): Promise<Failure[]> {
    const own = ['express@5.3.0', 'fastify@5.12.8', 'koa@3.3.0']
    const project = join(folder, host.name.replace(/\W+/g, '-'))
    await makeProject(project, tarball.path, ...(host.packages ?? own))
    if (host === staticSite) return tryStaticSite(project, runtimes)
    return tryHost(host, project, runtimes, (port, database, target) => probe(port, database, target, host))
  }

  async function record() {
    const project = await makeProject(join(folder, 'record'), tarball.path)
    const [host] = ownHosts as [Host]
    await tryHost(host, project, runtimes, async (port, database) => {
      writeFileSync(expectedFile, `${JSON.stringify(await askAll(port, database), null, 2)}\n`)
      return []
    })
  }
} finally {
  if (values.keep) console.log(folder)
  else rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed > 0 ? 1 : 0

function textOf(value: unknown): string {
  if (value instanceof Error) {
    const { stdout = '', stderr = '' } = value as { stdout?: string; stderr?: string }
    return `${value.message}\n${stdout}\n${stderr}`.slice(-1500)
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}
