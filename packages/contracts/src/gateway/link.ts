import { z } from 'zod'
import { Id } from '../kit/id.ts'
import { type EntityKind, entityKinds } from './config.ts'

/**
 * The link between a gateway and the control plane: a WebSocket at `/gateway-ws`, JSON messages `{ type, payload }`.
 *
 * The gateway dials and says `auth` first, with the revision it holds. The server answers `auth_ok`, then either the
 * changes since that revision or a snapshot, and from then on every change. The gateway acknowledges each revision it
 * has put into force. A gap or a checksum that does not match is answered with `config.resync`, never with silence.
 *
 * The checksum of a revision is that of the set of its entities: the sum, modulo 2^256, of the SHA-256 of each
 * `kind NUL id NUL text` (`@holdfast/kernel/crypto/set-digest`). Both sides keep it by adding and subtracting, so its cost
 * does not grow with the configuration.
 */
export const linkLimits = {
  authTimeoutMs: 5_000,
  pingIntervalMs: 30_000,
  messageBytesMax: 4 * 1024 * 1024,
  snapshotEntriesPerPart: 1_000,
  changesPerMessage: 500,
  telemetryEventsPerBatch: 1_000,
  telemetryBatchIntervalMs: 500,
} as const

/** How a link ends. The gateway does not dial again after `invalidKey`, `keyRevoked` and `suspended`. */
export const linkCloseCodes = {
  tooBig: 1009,
  goingAway: 1001,
  tryLater: 1013,
  invalidKey: 4001,
  authTimeout: 4002,
  keyRevoked: 4003,
  suspended: 4004,
  protocol: 4005,
} as const

const Revision = z.int().min(0)
/** SHA-256 sum, hexadecimal. */
const Checksum = z.string().regex(/^[0-9a-f]{64}$/)
const kinds = Object.keys(entityKinds) as [EntityKind, ...EntityKind[]]

/** One entity as JSON text, so that both sides digest the same bytes; null removes it. */
export const ConfigEntry = z.object({
  kind: z.enum(kinds),
  id: Id,
  text: z.string().max(1_000_000).nullable(),
})
export type ConfigEntry = z.output<typeof ConfigEntry>

/** One revision: what it changed and the checksum of the whole afterwards. */
export const ConfigChange = z.object({
  revision: Revision,
  entries: z.array(ConfigEntry),
  checksum: Checksum,
})
export type ConfigChange = z.output<typeof ConfigChange>

const message = <T extends string, P extends z.ZodType>(type: T, payload: P) =>
  z.object({ type: z.literal(type), payload })

export const RequestLogEvent = z.object({
  id: Id,
  at: z.iso.datetime(),
  routeId: Id.nullable(),
  serviceId: Id.nullable(),
  consumerId: Id.nullable(),
  /** The member whose platform token came; older gateways do not say. */
  userId: Id.nullable().default(null),
  method: z.string().max(32),
  /** Without the query. */
  path: z.string().max(2_000),
  statusCode: z.int(),
  responseTimeMs: z.number(),
  /** Null when no upstream was asked. */
  downstreamLatencyMs: z.number().nullable(),
  requestId: z.string().max(200),
  clientIp: z.string().max(60),
  userAgent: z.string().max(500).nullable(),
  errorCode: z.string().max(60).nullable(),
})
export type RequestLogEvent = z.output<typeof RequestLogEvent>

export const GatewayErrorEvent = z.object({
  id: Id,
  at: z.iso.datetime(),
  requestId: z.string().max(200),
  errorCode: z.string().max(60),
  message: z.string().max(1_000),
  serviceId: Id.nullable(),
  path: z.string().max(2_000),
  statusCode: z.int(),
})
export type GatewayErrorEvent = z.output<typeof GatewayErrorEvent>

export const ServiceHealthEvent = z.object({
  serviceId: Id,
  status: z.enum(['healthy', 'degraded', 'unhealthy', 'unknown']),
  latencyMs: z.number().nullable(),
  checkedAt: z.iso.datetime(),
  errorMessage: z.string().max(500).nullable(),
})
export type ServiceHealthEvent = z.output<typeof ServiceHealthEvent>

/** Counts since the batch before. `latency` is a histogram: bucket number to count (see histogram.ts). */
export const MetricsEvent = z.object({
  /** The ten seconds it belongs to begin here. */
  at: z.iso.datetime(),
  requests: z.int().min(0),
  errors: z.int().min(0).describe('Answers of 500 and above.'),
  refused: z.int().min(0).describe('Answers of 401, 403 and 429 that the gateway gave itself.'),
  latency: z.record(z.string().regex(/^\d{1,4}$/), z.int().min(1)),
  consumers: z.record(Id, z.int().min(1)).describe('Requests by consumer.'),
})
export type MetricsEvent = z.output<typeof MetricsEvent>

export const TelemetryBatch = z.object({
  /** Rises by one with every batch since this gateway process began; a batch that comes twice is stored once. */
  sequence: z.int().min(1),
  /** Events that were dropped, oldest first, because the buffer was full, since the batch before. */
  dropped: z.int().min(0),
  logs: z.array(RequestLogEvent),
  errors: z.array(GatewayErrorEvent),
  health: z.array(ServiceHealthEvent),
  metrics: z.array(MetricsEvent),
})
export type TelemetryBatch = z.output<typeof TelemetryBatch>

export const GatewayMessage = z.discriminatedUnion('type', [
  message(
    'auth',
    z.object({
      apiKey: z.string().max(200),
      /** 2 asks for snapshot and changes as below; without it, whole configurations come in `auth_ok` and `config.update`. */
      protocol: z.literal(2).optional(),
      /** Made once and kept on the gateway's disk. */
      gatewayId: Id.optional(),
      /** Made anew at every start of the process: telemetry sequences belong to it. */
      bootId: Id.optional(),
      version: z.string().max(40).optional(),
      hostname: z.string().max(253).optional(),
      /** How the process before ended; after a crash some telemetry is missing. */
      previousEnd: z.enum(['stop', 'crash']).optional(),
      /** What it holds, when it holds something. */
      revision: Revision.optional(),
      checksum: Checksum.optional(),
    }),
  ),
  message('config.ack', z.object({ version: Revision, checksum: Checksum.optional() })),
  message('config.resync', z.object({ reason: z.string().max(200) })),
  message('telemetry', TelemetryBatch),
  message('ping', z.object({}).optional()),
  message('pong', z.object({}).optional()),
])
export type GatewayMessage = z.output<typeof GatewayMessage>

export const ServerMessage = z.discriminatedUnion('type', [
  message(
    'auth_ok',
    z.object({ tenantId: Id, gatewayId: Id, configVersion: Revision, config: z.unknown().optional() }),
  ),
  /** Parts follow each other in order; the last one brings the snapshot into force. */
  message(
    'config.snapshot',
    z.object({
      revision: Revision,
      checksum: Checksum,
      part: z.int().min(1),
      parts: z.int().min(1),
      entries: z.array(ConfigEntry),
    }),
  ),
  message('config.changes', z.object({ changes: z.array(ConfigChange).min(1) })),
  message('telemetry.ack', z.object({ sequence: z.int() })),
  message('ping', z.object({}).optional()),
  message('pong', z.object({}).optional()),
])
export type ServerMessage = z.output<typeof ServerMessage>
