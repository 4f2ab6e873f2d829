import type { Measurement } from '../lib/wrk.ts'

export interface Row extends Measurement {
  name: string
  connections: number
  memoryMb: number
}

interface Target {
  what: string
  of: string
  to: string
  least: number
}

/** At 64 connections. */
const targets: readonly Target[] = [
  { what: 'nginx with the same duties', of: 'Holdfast', to: 'nginx, same duties', least: 0.3 },
  {
    what: '@fastify/http-proxy with the same duties',
    of: 'Holdfast',
    to: '@fastify/http-proxy, same duties',
    least: 1.6,
  },
  { what: 'Caddy plain', of: 'Holdfast', to: 'Caddy, plain', least: 1 },
]
const manyPrefix = 'Holdfast, '
const manyLeast = 0.95

/** A table in Markdown; the ratios are of this run, on this machine. */
export function report(rows: readonly Row[], machine: string): string {
  const rateOf = (matches: (name: string) => boolean, connections: number) =>
    rows.find((row) => matches(row.name) && row.connections === connections)?.requestsPerSecond ?? null
  const lines = rows.map((row) => {
    const limit = rateOf((name) => name === 'nginx, same duties', row.connections)
    const cells = [
      row.name,
      row.connections,
      Math.round(row.requestsPerSecond).toLocaleString('en'),
      limit === null ? '' : `${((100 * row.requestsPerSecond) / limit).toFixed(0)} %`,
      row.p50Ms.toFixed(2),
      row.p99Ms.toFixed(2),
      Math.round(row.memoryMb),
      row.failures === 0 ? '' : `${row.failures} FAILED`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  const holdfast = rateOf((name) => name === 'Holdfast', 64)
  const many = rateOf((name) => name.startsWith(manyPrefix), 64)
  const verdicts = targets.map(({ what, of, to, least }) =>
    verdict(
      what,
      ratio(
        rateOf((name) => name === of, 64),
        rateOf((name) => name === to, 64),
      ),
      least,
    ),
  )
  return [
    machine,
    '',
    '| what | connections | requests/s | of nginx, same duties | p50 ms | p99 ms | memory MB | failures |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    'At 64 connections:',
    ...verdicts,
    verdict('itself with one route and consumer', ratio(many, holdfast), manyLeast),
  ].join('\n')
}

function ratio(of: number | null, to: number | null): number | null {
  return of === null || to === null || to === 0 ? null : of / to
}

function verdict(what: string, value: number | null, least: number): string {
  if (value === null) return `not measured: ${what}`
  return `${value.toFixed(2)} times ${what}: ${value >= least ? 'reached' : 'MISSED'} (${least})`
}
