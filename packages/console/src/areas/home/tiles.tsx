import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { Count } from '../../ui/values.tsx'
import type { Area } from '../area.ts'

const refreshEveryMs = 10_000

/** The numbers of every area that somebody may see, each leading to its page. */
export function Tiles({ areas, permissions }: { areas: readonly Area[]; permissions: readonly string[] }) {
  const tiles = useQuery({
    queryKey: ['home', 'tiles', permissions],
    queryFn: async ({ signal }) =>
      (await Promise.all(areas.map(async (area) => (await area.tiles?.(permissions, signal)) ?? []))).flat(),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEveryMs,
  })
  if (tiles.error) return <ProblemNotice problem={tiles.error} onRetry={() => void tiles.refetch()} />
  return (
    <section aria-labelledby="home-numbers">
      <h2 id="home-numbers" className="mb-2 text-base font-semibold">
        At a glance
      </h2>
      <ul className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-2" aria-busy={tiles.isPending}>
        {tiles.isPending &&
          Array.from({ length: 4 }, (_, index) => (
            <li key={index} className="h-18 animate-pulse rounded-md bg-sunken" />
          ))}
        {tiles.data?.map(({ label, value, to }) => (
          <li key={label}>
            <Link
              to={to}
              className="flex h-18 flex-col justify-center rounded-md border border-line bg-surface px-4 hover:border-line-strong hover:bg-hover"
            >
              <span className="text-xl font-semibold tracking-tight">
                <Count value={value} />
              </span>
              <span className="text-sm text-ink-muted">{label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
