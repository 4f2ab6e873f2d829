import type { RouteConfig, ServiceConfig, TenantSettings } from '@holdfast/contracts/gateway/config'
import {
  type ConfigChange,
  type ConfigEntry,
  GatewayMessage,
  linkLimits,
  type ServerMessage,
} from '@holdfast/contracts/gateway/link'
import { z } from 'zod'
import { ReceivedBatch } from '../telemetry/rules.ts'

/** `unknown`: of the older form, or of none; `events` is how many it reports. */
export type Incoming =
  | Exclude<GatewayMessage, { type: 'telemetry' }>
  | { type: 'telemetry'; payload: ReceivedBatch }
  | { type: 'unknown'; name: string; events: number }

const Envelope = z.object({
  type: z.string().max(100),
  payload: z.unknown().optional(),
  version: z.unknown().optional(),
})

/** Null when it is no message at all, or one whose payload is not what its type promises. */
export function readMessage(text: string): Incoming | null {
  const envelope = Envelope.safeParse(parseJson(text))
  if (!envelope.success) return null
  const { type, payload, version } = envelope.data
  if (type === 'telemetry') {
    const batch = ReceivedBatch.safeParse(payload)
    return batch.success ? { type, payload: batch.data } : null
  }
  // The older form has the version beside the type.
  const message =
    type === 'config.ack' && payload === undefined ? { type, payload: { version } } : { type, payload }
  const known = GatewayMessage.safeParse(message)
  if (known.success) return known.data.type === 'telemetry' ? null : known.data
  if (isKnownType(type)) return null
  const events = olderReports.has(type) ? (Array.isArray(payload) ? payload.length : 1) : 0
  return { type: 'unknown', name: type, events }
}

/** What gateways reported before telemetry came in batches with numbers, which keep it from being stored twice. */
const olderReports = new Set(['logs', 'errors', 'health', 'metrics'])

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const knownTypes = new Set<string>(GatewayMessage.options.map(({ shape }) => shape.type.value))
const isKnownType = (type: string) => knownTypes.has(type)

export function writeMessage(message: ServerMessage): string {
  return JSON.stringify(message)
}

/** The text of these changes, once for all gateways; null when it is too long for a message. */
export function changesText(changes: ConfigChange[]): string | null {
  const text = writeMessage({ type: 'config.changes', payload: { changes } })
  return Buffer.byteLength(text) > linkLimits.messageBytesMax ? null : text
}

const partBytesMax = linkLimits.messageBytesMax / 2

/** A snapshot as messages, each short enough; at least one. */
export function snapshotTexts(snapshot: {
  revision: number
  checksum: string
  entries: readonly ConfigEntry[]
}): string[] {
  const parts: ConfigEntry[][] = [[]]
  let sizeBytes = 0
  for (const entry of snapshot.entries) {
    const entryBytes = Buffer.byteLength(JSON.stringify(entry))
    let part = parts.at(-1) ?? []
    if (
      part.length >= linkLimits.snapshotEntriesPerPart ||
      (part.length > 0 && sizeBytes + entryBytes > partBytesMax)
    ) {
      part = []
      parts.push(part)
      sizeBytes = 0
    }
    part.push(entry)
    sizeBytes += entryBytes
  }
  const { revision, checksum } = snapshot
  return parts.map((entries, index) =>
    writeMessage({
      type: 'config.snapshot',
      payload: { revision, checksum, part: index + 1, parts: parts.length, entries },
    }),
  )
}

/** The whole configuration in the older form, for gateways that know no revisions. */
export function tenantConfig(organizationId: string, entries: readonly ConfigEntry[]) {
  const of = <T>(kind: ConfigEntry['kind']) =>
    entries.flatMap((entry) =>
      entry.kind === kind && entry.text !== null ? [JSON.parse(entry.text) as T] : [],
    )
  const [settings] = of<TenantSettings>('settings')
  return {
    routes: of<RouteConfig>('route').map((route) => ({
      ...route,
      tenantId: organizationId,
      enabled: true,
      deletedAt: null,
    })),
    services: of<ServiceConfig>('service').map((service) => ({
      ...service,
      tenantId: organizationId,
      targetUrl: service.targets[0]?.url ?? null,
      deletedAt: null,
    })),
    consumers: of<object>('consumer'),
    rateLimit: {
      windowMs: 60_000,
      unauthMax: settings?.anonymousPerMinute ?? null,
      authMax: settings?.tiers.authenticated ?? null,
    },
  }
}
