import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, Counter, type Registry } from 'prom-client'
import { productVersion } from '../../../version.ts'

/** The process by the names that every Prometheus client library uses. Read when somebody asks. */
export function createProcessMetrics(register: Registry) {
  const registers = [register]
  let delay: ReturnType<typeof monitorEventLoopDelay> | undefined
  const seen = { cpuSeconds: 0 }

  const lagMs = () => (delay === undefined || delay.count === 0 ? 0 : delay.percentile(99) / 1_000_000)
  const cpuSeconds = () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000_000
  }

  new Gauge({
    name: 'holdfast_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'node'] as const,
    registers,
  }).set({ version: productVersion, node: process.version }, 1)
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of this process, user and system.',
    registers,
    collect() {
      const now = cpuSeconds()
      this.inc(now - seen.cpuSeconds)
      seen.cpuSeconds = now
    },
  })
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of this process that is in RAM.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'JavaScript heap in use.',
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed)
    },
  })
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When this process started, in seconds since 1970.',
    registers,
  }).set(Math.round(Date.now() / 1_000 - process.uptime()))
  new Gauge({
    name: 'nodejs_eventloop_lag_p99_seconds',
    help: 'How late the event loop comes to what is due, 99th percentile since the last scrape.',
    registers,
    collect() {
      this.set(lagMs() / 1_000)
      delay?.reset()
    },
  })

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
