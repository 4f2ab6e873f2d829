import { Counter, Histogram, type Registry } from 'prom-client'

/** What is counted of each request, in memory; some hundred nanoseconds each. */
export interface HttpMetrics {
  /** `route` is a route's id, never a path: the number of series stays that of the contracts. */
  observe(route: string, status: number, durationMs: number): void
  totals(): RequestTotals
}

export interface RequestTotals {
  total: number
  clientErrors: number
  serverErrors: number
  durationMs: number
}

export function createHttpMetrics(register: Registry): HttpMetrics {
  const requests = new Counter({
    name: 'holdfast_http_requests_total',
    help: 'Requests answered, by route and class of status.',
    labelNames: ['route', 'status'] as const,
    registers: [register],
  })
  const latency = new Histogram({
    name: 'holdfast_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by route and class of status.',
    labelNames: ['route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [register],
  })
  const totals: RequestTotals = { total: 0, clientErrors: 0, serverErrors: 0, durationMs: 0 }
  return {
    observe(route, status, durationMs) {
      const labels = { route, status: `${Math.floor(status / 100)}xx` }
      requests.inc(labels)
      latency.observe(labels, durationMs / 1_000)
      totals.total += 1
      totals.durationMs += durationMs
      if (status >= 500) totals.serverErrors += 1
      else if (status >= 400) totals.clientErrors += 1
    },
    totals: () => ({ ...totals }),
  }
}
