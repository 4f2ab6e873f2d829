import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, Counter, type Registry } from 'prom-client'
import { productVersion } from '../../../version.ts'

/** The process by the names that every Prometheus client library uses. Read when somebody asks. */
export function createProcessMetrics(register: Registry, nowMs: number) {
  const startedAtSeconds = Math.round(nowMs / 1_000 - process.uptime())
  let delay: ReturnType<typeof monitorEventLoopDelay> | undefined
  const seen = { cpuSeconds: 0 }

  const lagMs = () => (delay === undefined || delay.count === 0 ? 0 : delay.percentile(99) / 1_000_000)
  const cpuSeconds = () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000_000
  }

  const cpu = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of this process, user and system.',
    registers: [],
    collect() {
      const now = cpuSeconds()
      this.inc(now - seen.cpuSeconds)
      seen.cpuSeconds = now
    },
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read())
      },
    })
  const buildInfo = new Gauge({
    name: 'holdfast_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'node'] as const,
    registers: [],
  })
  buildInfo.set({ version: productVersion, node: process.version }, 1)
  const all = [
    buildInfo,
    cpu,
    gauge('process_resident_memory_bytes', 'Memory of this process that is in RAM.', process.memoryUsage.rss),
    gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use.', () => process.memoryUsage().heapUsed),
    gauge(
      'process_start_time_seconds',
      'When this process started, in seconds since 1970.',
      () => startedAtSeconds,
    ),
    gauge(
      'nodejs_eventloop_lag_p99_seconds',
      'How late the event loop comes to what is due, 99th percentile since the last scrape.',
      () => {
        const lagSeconds = lagMs() / 1_000
        delay?.reset()
        return lagSeconds
      },
    ),
  ]
  for (const metric of all) register.registerMetric(metric)

  return {
    facts: () => ({
      cpuSeconds: cpuSeconds(),
      memoryBytes: process.memoryUsage.rss(),
      eventLoopLagMs: Math.round(lagMs() * 100) / 100,
    }),
    start() {
      delay = monitorEventLoopDelay({ resolution: 20 })
      delay.enable()
    },
    stop() {
      delay?.disable()
    },
  }
}
