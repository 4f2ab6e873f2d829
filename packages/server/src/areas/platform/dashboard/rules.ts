import type { DashboardStats, TrafficSource } from '@holdfast/contracts/platform/dashboard'
import { trafficSources } from '@holdfast/contracts/platform/dashboard'

/** Counts of one UTC day, as the activity log keeps them. */
export interface DayCounts {
  day: string
  action: string
  source: string
  calls: number
  errors: number
}

export interface DayOutcomes {
  day: string
  success: number
  error: number
}

type Charts = Pick<
  DashboardStats,
  | 'requests'
  | 'errors'
  | 'requestsOverTime'
  | 'errorsOverTime'
  | 'loginsOverTime'
  | 'trafficBySource'
  | 'trafficBySourceOverTime'
>

/** A call of an endpoint leaves one or the other. */
const isRequest = ({ action }: DayCounts) => action === 'api_call' || action === 'error'

/**
 * What counts as traffic: calls of endpoints from outside, tools that were called, and cron jobs that ran. A call that a
 * tool or a job made is part of it already.
 */
const isTraffic = (counts: DayCounts) =>
  counts.source === 'mcp' || counts.source === 'cron'
    ? counts.action === 'mcp_call' || counts.action === 'cron_run'
    : isRequest(counts)

/** The charts that come from the log, each with a value for every one of `days`, oldest first. */
export function chartsOf(days: readonly string[], counts: readonly DayCounts[]): Charts {
  const requests = counts.filter(isRequest)
  const logins = counts.filter(({ action }) => action === 'login')
  const traffic = counts.filter(isTraffic)
  const trafficOf = (within: readonly DayCounts[]): Record<TrafficSource, number> => {
    const of = (source: TrafficSource) => total(within.filter((row) => row.source === source))
    const [direct, mcp, cron, apiKey] = trafficSources.map(of)
    return { direct: direct ?? 0, mcp: mcp ?? 0, cron: cron ?? 0, api_key: apiKey ?? 0 }
  }
  return {
    requests: total(requests),
    errors: requests.reduce((sum, { errors }) => sum + errors, 0),
    requestsOverTime: overTime(days, requests, ({ calls }) => calls),
    errorsOverTime: overTime(days, requests, ({ errors }) => errors),
    loginsOverTime: overTime(days, logins, ({ calls }) => calls),
    trafficBySource: trafficOf(traffic),
    trafficBySourceOverTime: days.map((date) => ({
      date,
      ...trafficOf(traffic.filter(({ day }) => day === date)),
    })),
  }
}

/** `{ date, success, error }` for every one of `days`; zero where nothing is known. */
export function outcomesOf(days: readonly string[], known: readonly DayOutcomes[]) {
  const byDay = new Map(known.map((row) => [row.day, row]))
  return days.map((date) => {
    const { success, error } = byDay.get(date) ?? { success: 0, error: 0 }
    return { date, success, error }
  })
}

function total(counts: readonly DayCounts[]): number {
  return counts.reduce((sum, { calls }) => sum + calls, 0)
}

function overTime(
  days: readonly string[],
  counts: readonly DayCounts[],
  value: (counts: DayCounts) => number,
) {
  return days.map((date) => ({
    date,
    count: counts.filter(({ day }) => day === date).reduce((sum, row) => sum + value(row), 0),
  }))
}
