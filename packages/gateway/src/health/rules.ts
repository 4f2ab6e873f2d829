import type { ServiceHealthEvent } from '@holdfast/contracts/gateway/link'

export type Status = ServiceHealthEvent['status']

export interface CheckResult {
  ok: boolean
  latencyMs: number
  problem: string | null
}

export interface TargetHealth {
  status: Status
  failuresInARow: number
  latencyMs: number | null
  problem: string | null
}

export const unknownHealth: TargetHealth = {
  status: 'unknown',
  failuresInARow: 0,
  latencyMs: null,
  problem: null,
}

/** Slower than this is degraded. */
const slowMs = 1_000
const failuresUntilUnhealthy = 3

/** Three failures in a row make a target unhealthy, one or two (or a slow answer) degraded; one success mends it. */
export function afterCheck(before: TargetHealth, check: CheckResult): TargetHealth {
  const failuresInARow = check.ok ? 0 : before.failuresInARow + 1
  const latencyMs = check.ok ? check.latencyMs : null
  return { status: statusAfter(failuresInARow, check), failuresInARow, latencyMs, problem: check.problem }
}

function statusAfter(failuresInARow: number, check: CheckResult): Status {
  if (failuresInARow >= failuresUntilUnhealthy) return 'unhealthy'
  return failuresInARow > 0 || check.latencyMs > slowMs ? 'degraded' : 'healthy'
}

/** A service is as well as all its targets are; unhealthy only when none is left. */
export function serviceHealth(targets: readonly TargetHealth[]): TargetHealth {
  const known = targets.filter(({ status }) => status !== 'unknown')
  const [first] = known
  if (first === undefined) return unknownHealth
  const worst = known.find(({ problem }) => problem !== null) ?? first
  const latencies = known.flatMap(({ latencyMs }) => latencyMs ?? [])
  const summary = { ...worst, latencyMs: latencies.length === 0 ? null : Math.max(...latencies) }
  if (known.every(({ status }) => status === 'healthy')) return { ...summary, status: 'healthy' }
  return {
    ...summary,
    status: known.every(({ status }) => status === 'unhealthy') ? 'unhealthy' : 'degraded',
  }
}
