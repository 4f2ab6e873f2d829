import { availableParallelism } from 'node:os'
import type {
  ConsumerConfig,
  EntityKind,
  RouteConfig,
  ServiceConfig,
  TenantSettings,
} from '@holdfast/contracts/gateway/config'
import type { GatewayErrorEvent, RequestLogEvent, ServiceHealthEvent } from '@holdfast/contracts/gateway/link'
import type { Clock } from '@holdfast/kernel/clock'
import type { Voucher } from '@holdfast/kernel/crypto/vouched-client'
import type { Logger } from '@holdfast/kernel/logger'
import type { JSONWebKeySet } from 'jose'
import { createTargetSlotDirectory } from './limits/target-slots.ts'
import { allocateTargetTable, openTargetTable } from './limits/target-table.ts'
import { allocateWindowTable, openWindowTable } from './limits/window-table.ts'
import type { OwnPage } from './proxy/own-pages.ts'
import { allocateCounters, readGauges, takeCounters } from './worker/counters.ts'
import type { ThreadEvents } from './worker/recorder.ts'
import type { SharedMemory } from './worker/thread.ts'
import { createLocalThread, startWorkerThread, type ThreadHandle } from './worker/thread-handle.ts'

/** One entity, already validated by the schema of its kind. */
export type Upsert =
  | { kind: 'route'; id: string; entity: RouteConfig }
  | { kind: 'service'; id: string; entity: ServiceConfig }
  | { kind: 'consumer'; id: string; entity: ConsumerConfig }
  | { kind: 'member'; id: string; entity: { id: string } }
  | { kind: 'settings'; id: string; entity: TenantSettings }

/** What brings the data plane from one revision to another. */
export interface DataPlaneChange {
  revision: number
  /** Everything that is not among `upserts` goes; `removals` is empty then. */
  replaceAll: boolean
  upserts: readonly Upsert[]
  /** Removing what is not there is no mistake. */
  removals: readonly { kind: EntityKind; id: string }[]
  /** Public keys of the control plane, to verify platform tokens offline. Left out: those from before stay. */
  jwks?: JSONWebKeySet
}

export interface DataPlaneOptions {
  host: string
  /** 0 takes a free one: see `port()`. */
  port: number
  /** Threads that serve. 1 serves in the calling thread. Default: one for each core. */
  threads?: number
  clock: Clock
  logger: Logger
  /** How many proxies in front are ours; they append to `X-Forwarded-For`. */
  trustedProxies: number
  bounds?: Partial<DataPlaneBounds>
  /** Signs, for the control plane, whose requests are passed on to it. Left out: it is told nothing. */
  voucher?: Voucher
}

/** What no client may exceed. */
export interface DataPlaneBounds {
  connectionsMax: number
  headersBytesMax: number
  headersCountMax: number
  /** Until the head of a request has arrived. */
  headersTimeoutMs: number
  /** Until the whole request has arrived. */
  requestTimeoutMs: number
  keepAliveTimeoutMs: number
  /** A body or a WebSocket on which nothing moves in either direction for so long is ended. */
  idleTimeoutMs: number
  /** An answer may go on for so long, from its beginning, although the credential that asked for it has ended. */
  lateAnswerMs: number
  /** Open connections to one target, in each thread. */
  connectionsPerTargetMax: number
}

export interface EventBatch {
  /** Without queries and bodies. */
  logs: RequestLogEvent[]
  errors: GatewayErrorEvent[]
}

/** Counts since the call before. */
export interface DataPlaneMetrics {
  requests: number
  /** Answers of 500 and above. */
  errors: number
  /** Answers of 401, 403 and 429 that the gateway gave itself. */
  refused: number
  /** Bucket (contracts/gateway/histogram) to count. */
  latency: Map<number, number>
  /** Consumer id to requests. */
  consumers: Map<string, number>
}

/** How things stand now, for `/health` and `/metrics`. */
export interface DataPlaneStatus {
  /** Null: nothing has been applied yet; every request is answered with 503. */
  revision: number | null
  threads: number
  connections: number
  requestsInFlight: number
  /** Counts of limits that were given up because more callers came in a minute than there is room for. */
  forgottenCounts: number
}

export type { OwnPage } from './proxy/own-pages.ts'

export interface DataPlane {
  /** Listens. Throws when the port is taken. */
  start(): Promise<void>
  port(): number
  /**
   * Resolves when EVERY thread serves the new revision: no request that is accepted afterwards sees the old one. Requests
   * in flight end under the revision they began with. Calls are carried out in order. Throws, changing nothing in any
   * thread, when the change cannot be compiled.
   */
  apply(change: DataPlaneChange): Promise<void>
  /** What an active check found. Unhealthy targets get no requests while another target is left. */
  setHealth(serviceId: string, targetUrl: string, status: ServiceHealthEvent['status']): void
  /** One handler; the one before is replaced. Batches come at least every 250 ms while there is traffic. */
  onEvents(handler: (batch: EventBatch) => void): void
  metrics(): DataPlaneMetrics
  status(): DataPlaneStatus
  /** Answers GET of `path` with this page where no route takes it; null takes it away. */
  publish(path: string, page: OwnPage | null): void
  /** While suspended every request is answered with 503; the configuration stays. */
  suspend(isSuspended: boolean): Promise<void>
  /** Accepts nothing new, tells clients `Connection: close`, resolves when all requests have ended or the deadline passed. */
  drain(deadlineMs?: number): Promise<void>
  /** Ends at once. */
  stop(): Promise<void>
}

const boundsDefault: DataPlaneBounds = {
  connectionsMax: 20_000,
  headersBytesMax: 32 * 1024,
  headersCountMax: 100,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 900_000,
  keepAliveTimeoutMs: 65_000,
  idleTimeoutMs: 300_000,
  lateAnswerMs: 10_000,
  connectionsPerTargetMax: 4_096,
}
/** Callers, and pairs of a caller and a route with a limit of its own, that are counted within one minute. */
const callersMax = 262_144
const addressesMax = 65_536
const drainDeadlineMs = 30_000
/** What systems say that cannot share a port between listeners. */
const noReusePort = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'ENOPROTOOPT', 'ENOSYS'])

/**
 * Makes a data plane; `start` lets it listen, and `apply` may be called before. A thread that crashes ends the process: what
 * brought it down is unknown, and the gateway starts again within a second from what it has on disk.
 */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const { clock, logger } = options
  const bounds = { ...boundsDefault, ...options.bounds }
  const threadCount = Math.max(1, options.threads ?? availableParallelism())
  const shared: SharedMemory = {
    callerWindows: allocateWindowTable(callersMax),
    addressWindows: allocateWindowTable(addressesMax),
    targets: allocateTargetTable(),
    targetsOriginMs: clock.nowMs(),
  }
  const targets = openTargetTable(shared.targets, shared.targetsOriginMs)
  const windows = [shared.callerWindows, shared.addressWindows].map(openWindowTable)
  const slots = createTargetSlotDirectory()
  const counters: SharedArrayBuffer[] = []
  let consumers = new Map<string, number>()
  let handler: (batch: EventBatch) => void = () => undefined
  let revision: number | null = null
  let listeningPort: number | null = null
  let queue: Promise<unknown> = Promise.resolve()

  const onEvents = ({ logs, errors, consumers: counts }: ThreadEvents) => {
    for (const [id, count] of counts) consumers.set(id, (consumers.get(id) ?? 0) + count)
    handler({ logs, errors })
  }
  const onCrash = (error: Error) => {
    logger.error({ err: error }, 'A thread of the gateway has crashed.')
    queueMicrotask(() => {
      throw error
    })
  }
  let threads: ThreadHandle[] = Array.from({ length: threadCount }, () => {
    const own = allocateCounters()
    counters.push(own)
    const settings = {
      host: options.host,
      trustedProxies: options.trustedProxies,
      bounds,
      shared,
      counters: own,
      voucher: options.voucher ?? null,
    }
    return threadCount === 1
      ? createLocalThread(settings, () => clock.nowMs(), onEvents)
      : startWorkerThread(settings, onEvents, onCrash)
  })
  const all = (work: (thread: ThreadHandle) => Promise<void>) => Promise.all(threads.map(work))

  async function carryOut(change: DataPlaneChange): Promise<void> {
    const assigned = slots.assign(change)
    for (const slot of assigned.fresh) targets.reset(slot)
    const prepared = await Promise.allSettled(threads.map((thread) => thread.prepare(change, assigned.slots)))
    const refused = prepared.find((result) => result.status === 'rejected')
    if (refused !== undefined) {
      await all((thread) => thread.discard())
      throw refused.reason
    }
    await all((thread) => thread.commit())
    slots.settle(change)
    revision = change.revision
  }

  async function listen(): Promise<void> {
    const [first, ...others] = threads
    if (first === undefined) return
    try {
      listeningPort = await first.listen(options.port, others.length > 0)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (others.length === 0 || code === undefined || !noReusePort.has(code)) throw error
      logger.warn({ code }, 'This system cannot share a port between threads; one thread serves.')
      threads = [first]
      await Promise.all(others.map((thread) => thread.stop()))
      listeningPort = await first.listen(options.port, false)
      return
    }
    const port = listeningPort
    await Promise.all(others.map((thread) => thread.listen(port, true)))
  }

  return {
    start: listen,
    port: () => listeningPort ?? options.port,
    apply(change) {
      const done = queue.then(() => carryOut(change))
      queue = done.catch(() => undefined)
      return done
    },
    setHealth(serviceId, targetUrl, status) {
      const slot = slots.find(serviceId, targetUrl)
      if (slot !== null) targets.setHealth(slot, status)
    },
    onEvents(next) {
      handler = next
    },
    metrics() {
      const taken = consumers
      consumers = new Map()
      const total: DataPlaneMetrics = {
        requests: 0,
        errors: 0,
        refused: 0,
        latency: new Map(),
        consumers: taken,
      }
      for (const reading of counters.map(takeCounters)) {
        total.requests += reading.requests
        total.errors += reading.errors
        total.refused += reading.refused
        for (const [bucket, count] of reading.latency) {
          total.latency.set(bucket, (total.latency.get(bucket) ?? 0) + count)
        }
      }
      return total
    },
    status() {
      const gauges = counters.map(readGauges)
      return {
        revision,
        threads: threads.length,
        connections: gauges.reduce((sum, { connections }) => sum + connections, 0),
        requestsInFlight: gauges.reduce((sum, { requestsInFlight }) => sum + requestsInFlight, 0),
        forgottenCounts: windows.reduce((sum, table) => sum + table.forgotten(), 0),
      }
    },
    publish(path, page) {
      void all((thread) => thread.publish(path, page))
    },
    async suspend(isSuspended) {
      await all((thread) => thread.suspend(isSuspended))
    },
    drain(deadlineMs = drainDeadlineMs) {
      return new Promise((resolve, reject) => {
        const cancel = clock.after(deadlineMs, resolve)
        all((thread) => thread.drain()).then(() => {
          cancel()
          resolve()
        }, reject)
      })
    },
    async stop() {
      await all((thread) => thread.stop())
    },
  }
}
