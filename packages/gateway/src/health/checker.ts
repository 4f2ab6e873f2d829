import type { ServiceConfig } from '@holdfast/contracts/gateway/config'
import type { ServiceHealthEvent } from '@holdfast/contracts/gateway/link'
import type { Clock } from '@holdfast/kernel/clock'
import type { DataPlane } from '../data-plane.ts'
import { probe } from './probe.ts'
import { afterCheck, type CheckResult, serviceHealth, type TargetHealth, unknownHealth } from './rules.ts'

/** Asks every target of every service about every ten seconds how it is. */
export interface HealthChecker {
  /** Follows the configuration: a service that is new or changed starts as unknown. */
  setService(service: ServiceConfig): void
  removeService(id: string): void
  clear(): void
  stop(): void
  summary(): { id: string; name: string; status: ServiceHealthEvent['status'] }[]
}

const intervalMs = 10_000
const toldEveryMs = 60_000
const atOnceMax = 50

interface Needs {
  dataPlane: Pick<DataPlane, 'setHealth'>
  /** Every change, and once a minute how things are. */
  deliver: (event: ServiceHealthEvent) => void
  clock: Clock
  random: () => number
  check?: (url: string) => Promise<CheckResult>
}

interface Watched {
  service: ServiceConfig
  targets: Map<string, TargetHealth>
  told: { status: ServiceHealthEvent['status']; atMs: number } | null
  cancel: () => void
}

export function createHealthChecker({
  dataPlane,
  deliver,
  clock,
  random,
  check = probe,
}: Needs): HealthChecker {
  const watched = new Map<string, Watched>()
  let running = 0

  function schedule(entry: Watched, delayMs: number): void {
    entry.cancel = clock.after(delayMs, () => {
      // With more services than can be asked at once everyone waits a little longer.
      if (running >= atOnceMax) schedule(entry, intervalMs * random())
      else void round(entry)
    })
  }

  async function round(entry: Watched): Promise<void> {
    running += 1
    const { service } = entry
    await Promise.all(
      service.targets.map(async ({ url }) => {
        const result = await check(healthUrl(url, service.healthCheckPath))
        if (watched.get(service.id) !== entry) return
        const health = afterCheck(entry.targets.get(url) ?? unknownHealth, result)
        entry.targets.set(url, health)
        dataPlane.setHealth(service.id, url, health.status)
      }),
    )
    running -= 1
    if (watched.get(service.id) !== entry) return
    tell(entry)
    schedule(entry, intervalMs * (0.9 + random() * 0.2))
  }

  function tell(entry: Watched): void {
    const { status, latencyMs, problem } = serviceHealth([...entry.targets.values()])
    const nowMs = clock.nowMs()
    if (entry.told !== null && entry.told.status === status && nowMs - entry.told.atMs < toldEveryMs) return
    entry.told = { status, atMs: nowMs }
    deliver({
      serviceId: entry.service.id,
      status,
      latencyMs,
      checkedAt: clock.now().toISOString(),
      errorMessage: problem?.slice(0, 500) ?? null,
    })
  }

  function removeService(id: string): void {
    watched.get(id)?.cancel()
    watched.delete(id)
  }

  function clear(): void {
    for (const id of watched.keys()) removeService(id)
  }

  return {
    setService(service) {
      removeService(service.id)
      const entry: Watched = { service, targets: new Map(), told: null, cancel: () => undefined }
      watched.set(service.id, entry)
      schedule(entry, intervalMs * random() * 0.2)
    },
    removeService,
    clear,
    stop: clear,
    summary: () =>
      [...watched.values()].map(({ service, targets }) => ({
        id: service.id,
        name: service.name,
        status: serviceHealth([...targets.values()]).status,
      })),
  }
}

/** `http://host/base` and `/health` → `http://host/base/health`. */
function healthUrl(target: string, path: string): string {
  return `${target.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
}
