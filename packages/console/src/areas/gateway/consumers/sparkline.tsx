import { formatNumber } from '../../../lib/format.ts'

const width = 240
const height = 48
const gap = 2

/** Counts as bars, the last one now. An empty hour keeps its place. */
export function Sparkline({ counts }: { counts: readonly number[] }) {
  const most = Math.max(...counts, 1)
  const step = width / counts.length
  const total = counts.reduce((sum, count) => sum + count, 0)
  return (
    <svg
      role="img"
      aria-label={`${formatNumber(total)} requests in ${counts.length} hours, ${formatNumber(Math.max(...counts, 0))} in the busiest`}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="h-12 w-full text-accent"
    >
      {counts.map((count, index) => {
        const tall = count === 0 ? 1 : Math.max(2, (count / most) * height)
        return (
          <rect
            key={index}
            x={index * step}
            y={height - tall}
            width={step - gap}
            height={tall}
            className={count === 0 ? 'fill-line-strong' : 'fill-current'}
          />
        )
      })}
    </svg>
  )
}
