import { lazy, Suspense } from 'react'
import { formatCompact, formatExactTime } from '../../lib/format.ts'

export interface ChartSeries {
  label: string
  /** One value per time. Null is a gap and is drawn as one; zero is zero. */
  values: ReadonlyArray<number | null>
  tone?: 'accent' | 'ok' | 'warn' | 'bad' | 'info'
}

export interface LineChartProps {
  title: string
  /** Unix seconds, ascending. */
  times: readonly number[]
  series: readonly ChartSeries[]
  /** How a value is written on the axis and in the table: bytes, a duration, a count. */
  format?: (value: number) => string
  heightPx?: number
  /** How far up the axis goes at least, so that hardly anything does not look like much; 1 unless said otherwise. */
  reach?: number
  /** Charts with the same group share their crosshair. */
  group?: string
}

const Plot = lazy(() => import('./plot.tsx'))

/** Values over time. The drawing arrives when it is needed; the numbers are always there as a table. */
export function LineChart(props: LineChartProps) {
  const { title, times, series, format = formatCompact, heightPx = 180 } = props
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex flex-wrap items-center gap-3 text-sm font-medium">
        {title}
        {series.length > 1 &&
          series.map((one) => (
            <span key={one.label} className="flex items-center gap-1 text-xs font-normal text-ink-muted">
              <span aria-hidden className={`h-0.5 w-3 rounded-full ${swatches[one.tone ?? 'accent']}`} />
              {one.label}
            </span>
          ))}
      </figcaption>
      <div aria-hidden style={{ height: heightPx }}>
        {times.length === 0 ? (
          <div className="flex h-full items-center justify-center rounded-sm bg-sunken text-sm text-ink-subtle">
            No data in this range
          </div>
        ) : (
          <Suspense fallback={<div aria-busy className="h-full animate-pulse rounded-sm bg-sunken" />}>
            <Plot {...props} format={format} heightPx={heightPx} />
          </Suspense>
        )}
      </div>
      <details className="mt-1 text-xs text-ink-subtle">
        <summary className="w-fit">Show as a table</summary>
        <div className="relative mt-1 max-h-60 overflow-auto rounded-sm border border-line" tabIndex={0}>
          <table className="w-full text-left tabular-nums">
            <caption className="sr-only">{title}</caption>
            <thead>
              <tr>
                <th scope="col" className="px-2 py-1 font-medium">
                  Time
                </th>
                {series.map((one) => (
                  <th key={one.label} scope="col" className="px-2 py-1 font-medium">
                    {one.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((time, index) => (
                <tr key={time} className="border-t border-line">
                  <th scope="row" className="px-2 py-1 font-normal">
                    {formatExactTime(new Date(time * 1000))}
                  </th>
                  {series.map((one) => (
                    <td key={one.label} className="px-2 py-1">
                      {one.values[index] === null || one.values[index] === undefined
                        ? 'no data'
                        : format(one.values[index])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}

const swatches: Record<NonNullable<ChartSeries['tone']>, string> = {
  accent: 'bg-accent',
  ok: 'bg-ok',
  warn: 'bg-warn',
  bad: 'bg-bad',
  info: 'bg-info',
}
