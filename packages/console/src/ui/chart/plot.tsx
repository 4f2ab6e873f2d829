import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { useMedia } from '../../lib/media.ts'
import { useTheme } from '../../lib/theme.ts'
import type { ChartSeries, LineChartProps } from './line-chart.tsx'

/** The highest value keeps a little air above it. */
const headroom = 1.08
/** A single moment stands in the middle of an hour. */
const aloneSeconds = 1_800

/** A value between two gaps has no line to lie on; a point shows it. */
function lonely(plot: uPlot, seriesIndex: number): number[] {
  const values = plot.data[seriesIndex] ?? []
  const isThere = (index: number) => values[index] !== null && values[index] !== undefined
  return Array.from(values.keys()).filter(
    (index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1),
  )
}

/** A token as a color that a canvas understands; `light-dark()` is resolved only on an element. */
function resolveColor(host: HTMLElement, token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(--${token})`
  host.append(probe)
  const color = getComputedStyle(probe).color
  probe.remove()
  return color
}

type PlotProps = LineChartProps & Required<Pick<LineChartProps, 'format' | 'heightPx'>>

function buildOptions(host: HTMLElement, props: PlotProps): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: resolveColor(host, 'ink-subtle'),
    grid: { stroke: resolveColor(host, 'line'), width: 1 },
    ticks: { show: false },
    font: '11px "Inter Variable", sans-serif',
  }
  const line = (series: ChartSeries): uPlot.Series => {
    const color = resolveColor(host, series.tone ?? 'accent')
    return {
      label: series.label,
      stroke: color,
      width: 1.5,
      spanGaps: false,
      points: { show: true, size: 4, width: 0, fill: color, filter: lonely },
      value: (_plot, value) => (value === null ? '–' : props.format(value)),
    }
  }
  return {
    width: Math.max(host.clientWidth, 1),
    height: props.heightPx,
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      ...(props.group ? { sync: { key: props.group } } : {}),
    },
    scales: {
      x: {
        range: (_plot, from, to) => (from === to ? [from - aloneSeconds, to + aloneSeconds] : [from, to]),
      },
      y: {
        range: (_plot, low, high) => [
          Math.min(0, low ?? 0),
          Math.max((high ?? 1) * headroom, props.reach ?? 1),
        ],
      },
    },
    axes: [
      axis,
      { ...axis, size: 56, values: (_plot, values) => values.map((value) => props.format(value)) },
    ],
    series: [{}, ...props.series.map(line)],
  }
}

/** The drawing itself. Rebuilt when what it draws or the theme changes, resized with its place. */
export default function Plot(props: PlotProps) {
  const host = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  const systemDark = useMedia('(prefers-color-scheme: dark)')

  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    const data: uPlot.AlignedData = [[...props.times], ...props.series.map((series) => [...series.values])]
    const plot = new uPlot(buildOptions(element, props), data, element)
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(element.clientWidth, 1), height: props.heightPx }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [props, theme, systemDark])

  return <div ref={host} className="h-full" />
}
