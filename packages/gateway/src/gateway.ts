import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import { createLifecycle, type Lifecycle, type Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { join } from 'node:path'
import { exposition, expositionType } from './admin/exposition.ts'
import { metricFamilies } from './admin/metrics.ts'
import { type Condition, health, isReady, publicHealth } from './admin/pages.ts'
import { createAdminServer } from './admin/server.ts'
import type { GatewayConfig } from './config.ts'
import type { DataPlane } from './data-plane.ts'
import { createHealthChecker } from './health/checker.ts'
import { createKeyCache } from './keys/key-cache.ts'
import { createLink } from './link/link.ts'
import { createConfigStore } from './state/config-store.ts'
import { createConfiguration } from './state/configuration.ts'
import { withPlatformAt } from './state/platform-service.ts'
import type { Place } from './state/place.ts'
import { createCounters } from './telemetry/counters.ts'
import { createShipper } from './telemetry/shipper.ts'
import { createSpool } from './telemetry/spool.ts'
import { gatewayVersion } from './version.ts'

export interface GatewayNeeds {
  config: GatewayConfig
  place: Place
  dataPlane: DataPlane
  clock: Clock
  ids: Ids
  logger: Logger
  random: () => number
  hostname: string
  /** The key is not taken and there is nothing to serve: the process has no purpose. */
  useless: (sentence: string) => void
}

export interface Gateway {
  lifecycle: Lifecycle
  condition(): Condition
  /** Where `/health` and the others are; null when there is no such port. */
  adminPort(): number | null
}

const usualAdminPort = 9180
const drainWithinMs = 15_000
const flushWithinMs = 5_000
/** How often the pages on the clients' port are written anew. */
const pagesEveryMs = 2_000
const lostByCrash =
  'Lost is the telemetry of its last 700 ms; under load, or while the control plane was away, up to 1,000 requests and 500 of each thread.'
/** More messages than this wait: the control plane has to. */
const backlogMax = 50

/** Puts the gateway together: what the control plane says on one side, the data plane on the other. */
export function composeGateway(needs: GatewayNeeds): Gateway {
  const { config, place, dataPlane, clock, ids, logger, random } = needs
  let stopping = false

  const shipper = createShipper({
    spool: createSpool(join(place.directory, 'telemetry'), logger),
    send: (payload) => link.send({ type: 'telemetry', payload }),
    metrics: () => counters.take(),
    newBootId: ids.uuid,
    clock,
    logger,
  })
  const counters = createCounters({ dataPlane, deliver: (metrics) => shipper.add({ metrics }), clock })
  const checker = createHealthChecker({
    dataPlane,
    deliver: (event) => shipper.add({ health: [event] }),
    clock,
    random,
  })
  const configuration = createConfiguration({
    dataPlane: {
      apply: (change) =>
        dataPlane.apply({ ...change, upserts: withPlatformAt(config.serverUrl, change.upserts) }),
    },
    store: createConfigStore(place.directory, clock.now),
    send: (message) => link.send(message),
    clock,
    logger,
    changed({ replaceAll, upserts, removals }) {
      if (replaceAll) checker.clear()
      for (const upsert of withPlatformAt(config.serverUrl, upserts))
        if (upsert.kind === 'service') checker.setService(upsert.entity)
      for (const { kind, id } of removals) if (kind === 'service') checker.removeService(id)
      showPages()
    },
  })
  const keys = createKeyCache({ serverUrl: config.serverUrl, take: configuration.takeKeys, clock, logger })
  const link = createLink({
    serverUrl: config.serverUrl,
    introduction: () => ({
      apiKey: config.apiKey,
      protocol: 2,
      gatewayId: place.gatewayId,
      bootId: shipper.bootId(),
      version: gatewayVersion,
      hostname: needs.hostname.slice(0, 253),
      previousEnd: place.endedBadly ? 'crash' : 'stop',
      ...configuration.held(),
    }),
    handlers: {
      opened(welcome) {
        if (place.withdrawn() !== null) void reinstate()
        configuration.linkOpened(welcome.configVersion)
        shipper.linkOpened()
        keys.refresh()
        showPages()
      },
      closed() {
        configuration.linkClosed()
        shipper.linkClosed()
        showPages()
      },
      message(message) {
        if (message.type === 'telemetry.ack') {
          shipper.acknowledged(message.payload.sequence)
          return undefined
        }
        configuration.receive(message)
        return configuration.backlog() > backlogMax ? configuration.settled() : undefined
      },
      unreadable: configuration.unreadable,
      ended(_code, sentence) {
        if (configuration.held() === null) needs.useless(sentence)
        else void withdraw(sentence)
      },
    },
    clock,
    logger,
    random,
  })

  /** Whoever took the key back wants this gateway to stop serving; it stays up to say why. */
  async function withdraw(sentence: string): Promise<void> {
    logger.error({ sentence }, 'The gateway refuses requests with 503 from now on')
    await dataPlane.suspend(true)
    await place.withdraw(sentence)
    showPages()
  }

  async function reinstate(): Promise<void> {
    await place.reinstate()
    await dataPlane.suspend(false)
    showPages()
  }

  function condition(): Condition {
    return {
      configSource: configuration.source(),
      configVersion: configuration.held()?.revision ?? null,
      withdrawn: place.withdrawn(),
      stopping,
      gatewayId: place.gatewayId,
      version: gatewayVersion,
      link: link.status(),
      diskProblem: configuration.diskProblem(),
      endedBadly: place.endedBadly,
    }
  }

  function metrics(): string {
    counters.look()
    const memory = process.memoryUsage()
    const cpu = process.cpuUsage()
    const { configSource, configVersion } = condition()
    return exposition(
      metricFamilies({
        version: gatewayVersion,
        totals: counters.totals(),
        dataPlane: dataPlane.status(),
        configuration: { revision: configVersion, source: configSource },
        link: link.status(),
        shipper: shipper.status(),
        services: checker.summary(),
        process: {
          residentBytes: memory.rss,
          heapUsedBytes: memory.heapUsed,
          cpuSeconds: (cpu.user + cpu.system) / 1_000_000,
          startedAtSeconds: clock.nowMs() / 1_000 - process.uptime(),
        },
      }),
    )
  }

  /** `/health` (and `/metrics`, if wanted) on the clients' port, where no route of the tenant takes them. */
  function showPages(): void {
    const { status, body } = publicHealth(condition())
    dataPlane.publish('/health', { status, type: 'application/json', body: `${JSON.stringify(body)}\n` })
    if (config.publicMetrics) {
      dataPlane.publish('/metrics', { status: 200, type: expositionType, body: metrics() })
    }
  }
  let cancelPages: (() => void) | null = null
  function keepPages(): void {
    showPages()
    cancelPages = clock.after(pagesEveryMs, keepPages)
  }

  const ready = () => ({ status: isReady(condition()) ? 200 : 503, body: { ready: isReady(condition()) } })
  const admin =
    config.adminPort === 'off'
      ? null
      : createAdminServer({
          host: config.adminHost,
          port: config.adminPort ?? usualAdminPort,
          health: () => health(condition()),
          ready,
          metrics,
        })
  let adminListens = false

  const parts: Part[] = [
    {
      name: 'saved configuration',
      async start() {
        if (place.endedBadly) {
          logger.warn({}, `The gateway's last process ended without stopping. ${lostByCrash}`)
        }
        const sentence = place.withdrawn()
        if (sentence !== null) {
          logger.error({ sentence }, 'Requests are refused until the control plane takes this key again')
          await dataPlane.suspend(true)
        }
        await shipper.start()
        await configuration.loadSaved()
      },
      stop: () => place.leave(),
    },
    {
      name: 'admin port',
      async start() {
        if (admin === null) return
        try {
          await admin.start()
          adminListens = true
        } catch (error) {
          if (config.adminPort !== undefined || !isTaken(error)) throw error
          logger.warn({ port: usualAdminPort }, 'The admin port is taken; choose one with --admin-port')
        }
      },
      stop: async () => (adminListens ? await admin?.stop() : undefined),
    },
    {
      name: 'control plane',
      async start() {
        link.start()
      },
      stop: () => link.stop(),
    },
    {
      name: 'telemetry',
      async start() {
        dataPlane.onEvents((batch) => {
          counters.seen(batch)
          shipper.add(batch)
        })
        counters.start()
        keepPages()
      },
      async stop() {
        cancelPages?.()
        counters.stop()
        checker.stop()
        keys.stop()
        shipper.add({ metrics: counters.take() })
        await shipper.flush(flushWithinMs)
        await configuration.settled()
      },
    },
    {
      name: 'data plane',
      start: () => dataPlane.start(),
      async stop() {
        stopping = true
        showPages()
        await dataPlane.drain(drainWithinMs)
        await dataPlane.stop()
      },
    },
  ]
  return {
    lifecycle: createLifecycle(parts, { logger, stopDeadlineMs: drainWithinMs + flushWithinMs + 5_000 }),
    condition,
    adminPort: () => (adminListens ? (admin?.port() ?? null) : null),
  }
}

const isTaken = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
