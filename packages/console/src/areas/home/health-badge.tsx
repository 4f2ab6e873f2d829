import { getHealthReport } from '@holdfast/contracts/platform/health'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'
import { Badge } from '../../ui/badge.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'

const refreshEveryMs = 30_000
const words = {
  healthy: { label: 'All is well', tone: 'ok' },
  degraded: { label: 'Needs attention', tone: 'warn' },
  unhealthy: { label: 'Not working', tone: 'bad' },
} as const

/** The installation's own report in one word; what is wrong, if anything, is in the tooltip and beside it. */
export function HealthBadge() {
  const health = useQuery({
    queryKey: ['health'],
    queryFn: async ({ signal }) => await client.call(getHealthReport, {}, { signal }),
    refetchInterval: refreshEveryMs,
  })
  if (health.isPending) return null
  const status = health.data?.status ?? 'unhealthy'
  const problems = Object.entries(health.data?.checks ?? {})
    .filter(([, check]) => check.status !== 'pass')
    .map(([name, check]) => check.message ?? `The check "${name}" does not pass.`)
  const { label, tone } = words[status]
  const badge = (
    <Badge tone={tone} dot>
      {label}
    </Badge>
  )
  if (problems.length === 0) return badge
  return (
    <Tooltip text={problems.join(' ')}>
      <button type="button" aria-label={`${label}: ${problems.join(' ')}`}>
        {badge}
      </button>
    </Tooltip>
  )
}
