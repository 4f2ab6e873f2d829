import type {
  ConsumerConfig,
  EntityKind,
  MemberConfig,
  RouteConfig,
  ServiceConfig,
  TenantSettings,
} from '@holdfast/contracts/gateway/config'
import type {
  GatewayErrorEvent,
  RequestLogEvent,
  ServiceHealthEvent,
} from '@holdfast/contracts/gateway/link'
import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import type { JSONWebKeySet } from 'jose'

/** One entity, already validated by the schema of its kind. */
export type Upsert =
  | { kind: 'route'; id: string; entity: RouteConfig }
  | { kind: 'service'; id: string; entity: ServiceConfig }
  | { kind: 'consumer'; id: string; entity: ConsumerConfig }
  | { kind: 'member'; id: string; entity: MemberConfig }
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
  /** Open connections to one target, in each thread. */
  connectionsPerTargetMax: number
}

export interface EventBatch {
  /** Without queries and bodies. */
  logs: RequestLogEvent[]
  errors: GatewayErrorEvent[]
  /** Events that a thread had to drop, oldest first, because nobody took them. */
  dropped: number
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
}

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
  /** Accepts nothing new, tells clients `Connection: close`, resolves when all requests have ended or the deadline passed. */
  drain(deadlineMs?: number): Promise<void>
  /** Ends at once. */
  stop(): Promise<void>
}
