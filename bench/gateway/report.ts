import type { Measurement } from '../lib/wrk.ts'

export interface Sample extends Measurement {
  /** Of the proxy, for each request. */
  processorMicroseconds: number
}

export interface Row extends Sample {
  name: string
  connections: number
  memoryMb: number
}

interface Target {
  what: string
  to: string
  least: number
}

/** At 64 connections. */
const targets: readonly Target[] = [
  { what: 'nginx with the same duties', to: 'nginx, same duties', least: 0.3 },
  {
    what: '@fastify/http-proxy with the same duties',
    to: '@fastify/http-proxy, same duties',
    least: 1.6,
  },
  { what: 'Caddy plain', to: 'Caddy, plain', least: 1 },
]
const many = 'Holdfast, 10,000 routes and consumers'
const manyLeast = 0.95

/** A table in Markdown; the ratios are of this run, on this machine. */
export function report(rows: readonly Row[], machine: string): string {
  const find = (matches: (name: string) => boolean, connections: number) =>
    rows.find((row) => matches(row.name) && row.connections === connections)
  const lines = rows.map((row) => {
    const limit = find((name) => name === 'nginx, same duties', row.connections)
    const cells = [
      row.name,
      row.connections,
      Math.round(row.requestsPerSecond).toLocaleString('en'),
      limit === undefined ? '' : `${((100 * row.requestsPerSecond) / limit.requestsPerSecond).toFixed(0)} %`,
      row.processorMicroseconds.toFixed(1),
      row.p50Ms.toFixed(2),
      row.p99Ms.toFixed(2),
      Math.round(row.memoryMb),
      row.failures === 0 ? '' : `${row.failures} FAILED`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  const holdfast = find((name) => name === 'Holdfast', 64)
  return [
    machine,
    '',
    '| what | connections | requests/s | of nginx, same duties | processor µs/request | p50 ms | p99 ms | memory MB | failures |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    'At 64 connections, by rate and by processor time:',
    ...targets.map(({ what, to, least }) =>
      verdict(
        what,
        holdfast,
        find((name) => name === to, 64),
        least,
      ),
    ),
    ...[`${many}, one of them asked`, many].map((name) =>
      verdict(
        `itself with one route and consumer: ${name}`,
        find((other) => other === name, 64),
        holdfast,
        manyLeast,
      ),
    ),
  ].join('\n')
}

function verdict(what: string, of: Row | undefined, to: Row | undefined, least: number): string {
  if (of === undefined || to === undefined) return `not measured: ${what}`
  const ratios = [
    of.requestsPerSecond / to.requestsPerSecond,
    to.processorMicroseconds / of.processorMicroseconds,
  ]
  const words = ratios.map((value) => `${value.toFixed(2)} ${value >= least ? 'reached' : 'MISSED'}`)
  return `${words.join(', ')} (${least}) times ${what}`
}
