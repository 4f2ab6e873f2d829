import { bucketMs } from '@holdfast/contracts/gateway/histogram'
import type { DataPlaneStatus } from '../data-plane.ts'
import type { HealthChecker } from '../health/checker.ts'
import type { LinkStatus } from '../link/link.ts'
import type { Totals } from '../telemetry/counters.ts'
import type { ShipperStatus } from '../telemetry/shipper.ts'
import type { Family, Sample } from './exposition.ts'

/** All that `/metrics` tells. */
export interface MetricsFacts {
  version: string
  totals: Totals
  dataPlane: DataPlaneStatus
  configuration: { revision: number | null; source: 'live' | 'cache' | 'none' }
  link: LinkStatus
  shipper: ShipperStatus
  services: ReturnType<HealthChecker['summary']>
  process: { residentBytes: number; heapUsedBytes: number; cpuSeconds: number; startedAtSeconds: number }
}

/** Upper bounds in seconds; the finer buckets of the telemetry fall into them. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function metricFamilies(facts: MetricsFacts): Family[] {
  const { totals, dataPlane, configuration, link, shipper, services } = facts
  const gauge = (name: string, help: string, value: number): Family => ({
    name: `holdfast_gateway_${name}`,
    help,
    type: 'gauge',
    samples: [{ value }],
  })
  const counter = (name: string, help: string, value: number): Family => ({
    name: `holdfast_gateway_${name}_total`,
    help,
    type: 'counter',
    samples: [{ value }],
  })
  return [
    labelled('info', 'gauge', 'Version of the gateway.', [{ labels: { version: facts.version }, value: 1 }]),
    labelled(
      'responses_total',
      'counter',
      'Answers by class of status.',
      [...totals.statusClasses].map(([status, value]) => ({ labels: { class: status }, value })),
    ),
    counter('requests', 'Requests that were answered.', totals.requests),
    counter('errors', 'Answers of 500 and above.', totals.errors),
    counter('refused', 'Answers of 401, 403 and 429 that the gateway gave itself.', totals.refused),
    labelled(
      'request_duration_seconds',
      'histogram',
      'Time from the request to the end of its answer.',
      histogram(totals.latency),
    ),
    gauge('connections', 'Open connections of clients.', dataPlane.connections),
    gauge('requests_in_flight', 'Requests that are being served.', dataPlane.requestsInFlight),
    counter(
      'limit_counts_forgotten',
      'Counts of rate limits given up because more callers came in a minute than there is room for.',
      dataPlane.forgottenCounts,
    ),
    gauge('threads', 'Threads that serve.', dataPlane.threads),
    gauge('config_revision', 'Revision in force; 0 before the first.', configuration.revision ?? 0),
    gauge(
      'config_live',
      'Whether the configuration is in step with the control plane.',
      Number(configuration.source === 'live'),
    ),
    gauge('link_connected', 'Whether the control plane is connected.', Number(link.phase === 'connected')),
    gauge('telemetry_buffered_events', 'Events that wait for the control plane.', shipper.bufferedEvents),
    counter('telemetry_dropped_events', 'Events dropped because too many waited.', shipper.droppedEvents),
    counter('telemetry_delivered_batches', 'Batches that were acknowledged.', shipper.deliveredBatches),
    labelled(
      'service_health',
      'gauge',
      'Health of a service by the checks of this gateway: 1 for the state it is in.',
      services.map(({ id, name, status }) => ({ labels: { service: id, name, status }, value: 1 })),
    ),
    ...processFamilies(facts.process),
  ]
}

function labelled(name: string, type: Family['type'], help: string, samples: Sample[]): Family {
  return { name: `holdfast_gateway_${name}`, help, type, samples }
}

/** A bucket counts where its middle lies: within 5 % of the truth at a bound. */
function histogram(latency: ReadonlyMap<number, number>): Sample[] {
  const counts = [...latency].map(([bucket, count]) => ({ seconds: bucketMs(bucket) / 1_000, count }))
  const upTo = (bound: number) =>
    counts.reduce((sum, { seconds, count }) => sum + (seconds <= bound ? count : 0), 0)
  return [
    ...[...bounds, Number.POSITIVE_INFINITY].map((bound) => ({
      suffix: '_bucket',
      labels: { le: bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound) },
      value: upTo(bound),
    })),
    { suffix: '_sum', value: counts.reduce((sum, { seconds, count }) => sum + seconds * count, 0) },
    { suffix: '_count', value: upTo(Number.POSITIVE_INFINITY) },
  ]
}

function processFamilies(facts: MetricsFacts['process']): Family[] {
  const single = (name: string, type: Family['type'], help: string, value: number): Family => ({
    name,
    help,
    type,
    samples: [{ value }],
  })
  return [
    single('process_resident_memory_bytes', 'gauge', 'Memory in use.', facts.residentBytes),
    single('nodejs_heap_used_bytes', 'gauge', 'Heap in use in the main thread.', facts.heapUsedBytes),
    single('process_cpu_seconds_total', 'counter', 'Processor time.', facts.cpuSeconds),
    single('process_start_time_seconds', 'gauge', 'When the process began.', facts.startedAtSeconds),
  ]
}
