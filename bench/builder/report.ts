import type { Measurement } from '../lib/wrk.ts'

export interface Row extends Measurement {
  name: string
  connections: number
}

/** Least share of the hello's rate at 64 connections, in per cent. */
const targets: Readonly<Record<string, number>> = {
  'record by id': 12,
  'list of 20 with total': 4,
  'durable create': 8,
}

/** A table in Markdown, then what was measured beside it. */
export function report(
  rows: readonly Row[],
  facts: Readonly<Record<string, string>>,
  machine: string,
): string {
  const limitOf = (connections: number) =>
    rows.find((row) => row.name.startsWith('hello') && row.connections === connections)?.requestsPerSecond
  const lines = rows.map((row) => {
    const limit = limitOf(row.connections)
    const share = limit === undefined ? null : (100 * row.requestsPerSecond) / limit
    const target = row.connections === 64 ? targets[row.name] : undefined
    const verdict =
      target === undefined || share === null ? '' : `${share >= target ? 'reached' : 'MISSED'} (${target} %)`
    const cells = [
      row.name,
      row.connections,
      Math.round(row.requestsPerSecond).toLocaleString('en'),
      share === null ? '' : `${share.toFixed(1)} %`,
      row.p50Ms.toFixed(2),
      row.p99Ms.toFixed(2),
      row.failures === 0 ? '' : `${row.failures} FAILED`,
      verdict,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    machine,
    '',
    '| what | connections | requests/s | of the limit | p50 ms | p99 ms | failures | target |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
  ].join('\n')
}
