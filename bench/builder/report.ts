import type { Measurement } from '../lib/wrk.ts'

export interface Row extends Measurement {
  name: string
  connections: number
}

/** Something measured beside the rates. */
export interface Fact {
  name: string
  value: number
  unit: 'ms' | 'MB' | '%'
  /** Absent: there is no target. */
  atMost?: number
}

/** Names of the rows that have a target; those of one page are not read anew for each request. */
export const measured = {
  byId: 'record by id',
  samePage: 'list of 20 with total, all ask for one page',
  anyPage: 'list of 20 with total, each asks for one of 50 pages',
  create: 'durable create',
} as const

/** Least share of the hello's rate at 64 connections and 100,000 records, in per cent. */
const targets: Readonly<Record<string, number>> = {
  [measured.byId]: 12,
  [measured.samePage]: 4,
  [measured.anyPage]: 4,
  [measured.create]: 8,
}

/** Two tables in Markdown: the rates, and what was measured beside them. */
export function report(rows: readonly Row[], facts: readonly Fact[], machine: string): string {
  const limitOf = (connections: number) =>
    rows.find((row) => row.name.startsWith('hello') && row.connections === connections)?.requestsPerSecond
  const lines = rows.map((row) => {
    const limit = limitOf(row.connections)
    const share = limit === undefined ? null : (100 * row.requestsPerSecond) / limit
    const target = row.connections === 64 ? targets[row.name] : undefined
    return line([
      row.name,
      row.connections,
      Math.round(row.requestsPerSecond).toLocaleString('en'),
      share === null ? '' : `${share.toFixed(1)} %`,
      row.p50Ms.toFixed(2),
      row.p99Ms.toFixed(2),
      row.failures === 0 ? '' : `${row.failures} FAILED`,
      target === undefined || share === null ? '' : `${verdict(share >= target)} (at least ${target} %)`,
    ])
  })
  return [
    machine,
    '',
    '| what | connections | requests/s | of the limit | p50 ms | p99 ms | failures | target |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    '| what | measured | target |',
    '|---|---|---|',
    ...facts.map(({ name, value, unit, atMost }) =>
      line([
        name,
        `${Math.round(value).toLocaleString('en')} ${unit}`,
        atMost === undefined
          ? ''
          : `${verdict(value <= atMost)} (at most ${atMost.toLocaleString('en')} ${unit})`,
      ]),
    ),
  ].join('\n')
}

/** How much slower the largest collection is than the smallest, in per cent; null when one was not measured. */
export function slowdown(rows: readonly Row[], small: string, large: string): number | null {
  const rate = (name: string) => rows.find((row) => row.name === name)?.requestsPerSecond
  const [before, after] = [rate(small), rate(large)]
  return before === undefined || after === undefined ? null : 100 * (1 - after / before)
}

const verdict = (isReached: boolean) => (isReached ? 'reached' : 'MISSED')
const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
