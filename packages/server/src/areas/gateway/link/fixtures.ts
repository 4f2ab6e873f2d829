import type { ConfigEntry, ServerMessage, TelemetryBatch } from '@holdfast/contracts/gateway/link'
import { emptySetDigest, setDigestText, withMember } from '@holdfast/kernel/crypto/set-digest'
import { until } from '@holdfast/testkit/until'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

/** The entities that a gateway holds, and the revision they are of. */
export interface Held {
  revision: number
  checksum: string
  entities: Map<string, ConfigEntry>
}

export function checksumOf(entities: Iterable<ConfigEntry>): string {
  let digest = emptySetDigest
  for (const { kind, id, text } of entities) if (text !== null) digest = withMember(digest, [kind, id, text])
  return setDigestText(digest)
}

/** What the wire does to a message: loses it and all that follow, delivers it twice, cuts it short, or swaps it with the next. */
export type Wire = 'deliver' | 'cut' | 'twice' | 'truncate' | 'swap'

/**
 * A gateway as the protocol wants it, over a real socket, and nothing more: it keeps a set of entities, applies what
 * follows its revision, asks to begin anew when something does not fit, and acknowledges what it holds.
 */
export function createModelGateway(options: {
  url: string
  apiKey: string
  gatewayId?: string
  previousEnd?: 'stop' | 'crash' | null
  /** Decides the fate of the next configuration message; everything arrives when it is left out. */
  wire?: () => Wire
}) {
  const bootId = crypto.randomUUID()
  const gatewayId = options.gatewayId ?? crypto.randomUUID()
  let held: Held | null = null
  let parts: ConfigEntry[] = []
  let socket: WebSocket | undefined
  let kept: string | undefined
  const received: { type: string; bytes: number }[] = []
  const acknowledged: number[] = []
  const telemetryAcks: number[] = []
  const revisions: { revision: number; checksum: string }[] = []
  let closed: { code: number; reason: string } | null = null
  let tenantId = ''

  const send = (type: string, payload: object) => socket?.send(JSON.stringify({ type, payload }))

  function hold(next: Held): void {
    if (checksumOf(next.entities.values()) !== next.checksum)
      return send('config.resync', { reason: 'The checksum does not match' })
    held = next
    // What it holds, not what it was told: the sum of its own entities.
    revisions.push({ revision: next.revision, checksum: checksumOf(next.entities.values()) })
    send('config.ack', { version: next.revision, checksum: next.checksum })
  }

  function apply(message: ServerMessage): void {
    switch (message.type) {
      case 'auth_ok':
        tenantId = message.payload.tenantId
        return
      case 'ping':
        return send('pong', {})
      case 'telemetry.ack':
        return void telemetryAcks.push(message.payload.sequence)
      case 'config.snapshot': {
        const { part, parts: count, entries, revision, checksum } = message.payload
        if (part === 1) parts = []
        if (part > 1 && parts.length === 0) return
        parts.push(...entries)
        if (part < count) return
        return hold({
          revision,
          checksum,
          entities: new Map(parts.splice(0).map((entry) => [`${entry.kind} ${entry.id}`, entry])),
        })
      }
      case 'config.changes': {
        for (const { revision, checksum, entries } of message.payload.changes) {
          if (held !== null && revision <= held.revision) continue
          if (held === null || revision !== held.revision + 1)
            return send('config.resync', { reason: 'A revision is missing' })
          const entities = new Map(held.entities)
          for (const entry of entries) {
            if (entry.text === null) entities.delete(`${entry.kind} ${entry.id}`)
            else entities.set(`${entry.kind} ${entry.id}`, entry)
          }
          hold({ revision, checksum, entities })
        }
      }
    }
  }

  function take(text: string): void {
    let message: ServerMessage
    try {
      message = JSON.parse(text) as ServerMessage
    } catch {
      return send('config.resync', { reason: 'A message was cut short' })
    }
    apply(message)
  }

  function arrive(text: string): void {
    const { type } = JSON.parse(text) as { type: string }
    received.push({ type, bytes: text.length })
    const fate = type.startsWith('config.') ? (options.wire?.() ?? 'deliver') : 'deliver'
    if (fate === 'cut') return socket?.terminate()
    if (fate === 'swap' && kept === undefined) {
      kept = text
      return
    }
    take(fate === 'truncate' ? text.slice(0, -7) : text)
    if (fate === 'twice') take(text)
    deliverLate()
  }

  function deliverLate(): void {
    const late = kept
    kept = undefined
    if (late !== undefined) take(late)
  }

  const gateway = {
    gatewayId,
    bootId,
    received,
    acknowledged,
    telemetryAcks,
    revisions,
    held: () => held,
    tenantId: () => tenantId,
    closed: () => closed,
    send,
    sendText: (text: string) => socket?.send(text),
    report: (batch: Partial<TelemetryBatch> & { sequence: number }) =>
      send('telemetry', { dropped: 0, logs: [], errors: [], health: [], metrics: [], ...batch }),
    /** What was to come after the next message comes now: nothing is lost for ever. */
    deliverLate,
    pause: () => socket?.pause(),
    resume: () => socket?.resume(),

    /** Dials and shows the key, with what it holds. Resolves when it is let in; rejects when it is not. */
    async connect(): Promise<void> {
      // What an older link still has to say is not heard.
      socket = undefined
      closed = null
      tenantId = ''
      kept = undefined
      parts = []
      const dialled = await dial(options.url)
      socket = dialled
      dialled.on('message', (data: Buffer) => {
        if (socket === dialled) arrive(data.toString('utf8'))
      })
      dialled.on('close', (code, reason) => {
        if (socket === dialled) closed = { code, reason: reason.toString() }
      })
      send('auth', {
        apiKey: options.apiKey,
        protocol: 2,
        gatewayId,
        bootId,
        version: '1.0.0',
        hostname: 'model',
        ...(options.previousEnd && { previousEnd: options.previousEnd }),
        ...(held !== null && { revision: held.revision, checksum: held.checksum }),
      })
      await until(() => tenantId !== '' || closed, { what: 'the link to be decided' })
    },
    disconnect: () => socket?.terminate(),
    /** Forgets everything, as one whose disk is gone. */
    forget() {
      held = null
    },
    /** Holds something else than it should. */
    spoil(change: (held: Held) => Held) {
      if (held !== null) held = change(held)
    },
  }
  onTestFinished(() => socket?.terminate())
  return gateway
}

export type ModelGateway = ReturnType<typeof createModelGateway>

/** A socket to the server's link that is open, or the status with which it was refused. */
export async function dial(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/gateway-ws`, { headers })
  const opening = Promise.withResolvers<void>()
  socket.once('open', () => opening.resolve())
  socket.once('error', (error) => opening.reject(error))
  await opening.promise
  socket.on('error', () => socket.terminate())
  onTestFinished(() => socket.terminate())
  return socket
}
