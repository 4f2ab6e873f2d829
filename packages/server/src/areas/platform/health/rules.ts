import type { CheckStatus, HealthReport } from '@holdfast/contracts/platform/health'

/** One failed check makes the whole unhealthy, one warning degraded. */
export function overallStatus(checks: HealthReport['checks']): HealthReport['status'] {
  const statuses = Object.values(checks).map(({ status }) => status)
  if (statuses.includes('fail')) return 'unhealthy'
  return statuses.includes('warn') ? 'degraded' : 'healthy'
}

/** Consumers answer within a second when all is well; a minute means that one is stuck. */
export function eventsStatus(oldestUndeliveredSeconds: number): CheckStatus {
  return oldestUndeliveredSeconds > 60 ? 'warn' : 'pass'
}

/** Below 5 % PostgreSQL is about to stop accepting writes. */
export function diskStatus(freePercent: number): CheckStatus {
  if (freePercent < 2) return 'fail'
  return freePercent < 10 ? 'warn' : 'pass'
}

export function jobsStatus({ waiting, failed }: { waiting: number; failed: number }): CheckStatus {
  return failed > 0 || waiting > 1_000 ? 'warn' : 'pass'
}
