import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, type } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '../harness.js'
import type { Finding } from './discovery.js'
import type { Receiving } from './receivers.js'

const root = new URL('../../../', import.meta.url)
const begin = '<!-- peers: what follows is written by npm run bench -- peers -->'
const end = '<!-- end of peers -->'

/** Writes what was measured between the two marks of docs/benchmarks.md, and the short of it between those of the README. */
export function writeReport(machine: string, receiving: Receiving, findings: readonly Finding[]): void {
  const programs = programsOf(receiving)
  const pings = receivingTable(receiving)
  const tables = findings.map(findingTable)
  writeBetweenMarks('docs/benchmarks.md', [machine, programs, pings, ...tables])
  writeBetweenMarks('README.md', [pings, tables[0] ?? '', `${machine} ${programs}`])
}

function writeBetweenMarks(page: string, parts: readonly string[]): void {
  const file = fileURLToPath(new URL(page, root))
  const [before, rest = ''] = readFileSync(file, 'utf8').split(begin)
  const after = rest.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`${page} lacks the marks ${begin}, ${end}`)
  writeFileSync(file, `${before}${begin}\n\n${parts.join('\n\n')}\n\n${end}${after}`)
  console.log(`\nwritten to ${page}`)
}

/** The machine and its load before anything is measured. */
export function describeMachine(): string {
  const [first] = cpus()
  const load = loadavg()[0] ?? 0
  const date = new Date().toISOString().slice(0, 10)
  const words = `Measured on ${date}: ${first?.model.trim()}, ${cpus().length} cores, ${type()}.`
  const doubt = ' Something else was running: the absolute numbers are provisional.'
  return `${words} The load of the machine was ${load.toFixed(1)} at the start.${load > cpus().length / 4 ? doubt : ''}`
}

function programsOf({ programs, missing }: Receiving): string {
  const packages = ['express', 'fastify', '@fastify/formbody', 'parse5', 'htmlparser2', 'cheerio']
  const versions = { Node: process.versions.node, trackbacks: versionOf('package.json') }
  const all = {
    ...versions,
    ...Object.fromEntries(packages.map((name) => [name, versionOf(`node_modules/${name}/package.json`)])),
    ...programs,
  }
  const words = Object.entries(all).map(([name, version]) => `${name} ${version}`)
  return `${words.join(', ')}.${missing === undefined ? '' : ` WordPress took no part: ${missing}.`}`
}

function versionOf(file: string): string {
  return (JSON.parse(readFileSync(new URL(file, root), 'utf8')) as { version: string }).version
}

function receivingTable({ outcomes }: Receiving): string {
  const rows = outcomes.map(({ name, rate, ratio }) => [name, number(rate), times(ratio)])
  return table(['Pings accepted, 64 connections', 'a second', 'ratio'], rows)
}

function findingTable({ title, questions, without, withTrackback, scores }: Finding): string {
  const rows = without.map((outcome, index) => {
    const { right = 0, wrong = 0 } = scores[index] ?? {}
    return [
      outcome.name,
      ...speed(outcome),
      ...speed(withTrackback[index]),
      `${right} of ${questions}`,
      `${wrong}`,
    ]
  })
  const head = [`Discovery, ${title}`, 'pages a second without a ping URL', 'ratio', 'with one', 'ratio']
  return table([...head, 'right answers', 'wrong ping URLs'], rows)
}

function speed(outcome: Outcome | undefined): string[] {
  return outcome ? [number(outcome.rate), times(outcome.ratio)] : ['', '']
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2)
}

function times(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio) : ratio.toPrecision(2)} ×`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
