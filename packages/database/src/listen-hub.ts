/**
 * One shared connection that listens, however many channels and handlers there are.
 *
 * NOTIFY is not kept for those who were away. After every reconnection each handler is therefore called with `null`:
 * "you may have missed something, read again". While the connection is down, `listen` still accepts handlers; they get
 * that `null` too. A heartbeat finds connections that died without a word (a firewall, a pulled cable).
 */
import { randomUUID } from 'node:crypto'
import { type Client, escapeIdentifier } from 'pg'
import { type ConnectionConfig, clientConfig, MarkingClient } from './client.ts'
import type { DatabaseLogger } from './logger.ts'

/** `payload` is null when notifications may have been missed. */
export type NotificationHandler = (payload: string | null) => void | Promise<void>

export interface ListenHub {
  /** Resolves to the function that stops listening, once notifications of committed transactions will arrive. */
  listen(channel: string, handler: NotificationHandler): Promise<() => Promise<void>>
  /**
   * Resolves when every notification of a transaction that has committed by now was delivered here and its handlers are
   * done; at once when nobody listens. Rejects while the connection is away.
   */
  caughtUp(): Promise<void>
  close(): Promise<void>
}

/** PostgreSQL delivers in the order of commits: once its own note is back, all notifications before it are there. */
const noteChannel = 'holdfast_note_to_self'
const heartbeatMs = 15_000
const heartbeatTimeoutMs = 5_000
const reconnectDelayMinMs = 50
const reconnectDelayMaxMs = 2_000

export function createListenHub(connection: ConnectionConfig, logger: DatabaseLogger): ListenHub {
  const handlers = new Map<string, Set<NotificationHandler>>()
  const underWay = new Set<Promise<void>>()
  const notes = new Map<string, () => void>()
  let client: Client | null = null
  let connecting: Promise<void> | null = null
  let everConnected = false
  let closed = false
  let reconnectDelayMs = reconnectDelayMinMs
  let reconnectTimer: NodeJS.Timeout | undefined
  let heartbeatTimer: NodeJS.Timeout | undefined

  function connect(): Promise<void> {
    connecting ??= openConnection().finally(() => {
      connecting = null
    })
    return connecting
  }

  async function openConnection(): Promise<void> {
    const candidate = new MarkingClient({
      ...clientConfig(connection),
      query_timeout: heartbeatTimeoutMs,
      application_name: 'holdfast-listen',
    })
    candidate.on('notification', ({ channel, payload = '' }) => {
      if (channel === noteChannel) notes.get(payload)?.()
      else deliver(channel, payload)
    })
    candidate.on('end', () => lost(candidate))
    candidate.on('error', (error) => {
      logger.warn({ err: error }, 'The connection that listens for notifications broke.')
      lost(candidate)
    })
    try {
      await candidate.connect()
      for (const channel of handlers.keys()) await candidate.query(`LISTEN ${escapeIdentifier(channel)}`)
    } catch (error) {
      await candidate.end()
      throw error
    }
    if (closed) return candidate.end()
    client = candidate
    reconnectDelayMs = reconnectDelayMinMs
    heartbeatTimer = setInterval(() => void heartbeat(candidate), heartbeatMs)
    heartbeatTimer.unref()
    if (everConnected) for (const channel of handlers.keys()) deliver(channel, null)
    everConnected = true
  }

  async function heartbeat(current: Client): Promise<void> {
    try {
      await current.query('select 1')
    } catch (error) {
      logger.warn({ err: error }, 'The connection that listens for notifications no longer answers.')
      lost(current)
      await current.end()
    }
  }

  function lost(which: Client): void {
    if (client !== which) return
    client = null
    clearInterval(heartbeatTimer)
    reconnectLater()
  }

  function reconnectLater(): void {
    if (closed) return
    reconnectTimer = setTimeout(() => {
      connect().then(
        () => logger.info({}, 'Listening for notifications again.'),
        (error: unknown) => {
          logger.debug({ err: error }, 'PostgreSQL is still away; notifications wait.')
          reconnectLater()
        },
      )
    }, reconnectDelayMs)
    reconnectDelayMs = Math.min(reconnectDelayMs * 2, reconnectDelayMaxMs)
  }

  function deliver(channel: string, payload: string | null): void {
    for (const handler of handlers.get(channel) ?? []) {
      const handling = Promise.resolve()
        .then(() => handler(payload))
        .catch((error: unknown) => logger.error({ err: error, channel }, 'A notification handler failed.'))
        .finally(() => underWay.delete(handling))
      underWay.add(handling)
    }
  }

  async function remove(channel: string, handler: NotificationHandler): Promise<void> {
    const set = handlers.get(channel)
    if (!set?.delete(handler) || set.size > 0) return
    handlers.delete(channel)
    await client?.query(`UNLISTEN ${escapeIdentifier(channel)}`)
  }

  return {
    async listen(channel, handler) {
      if (closed) throw new Error('The database is closed; nothing can be listened to any more.')
      const own: NotificationHandler = (payload) => handler(payload)
      const set = handlers.get(channel) ?? new Set()
      handlers.set(channel, set.add(own))
      try {
        if (client) await client.query(`LISTEN ${escapeIdentifier(channel)}`)
        else if (!everConnected) await connectListeningTo(channel)
      } catch (error) {
        set.delete(own)
        if (set.size === 0) handlers.delete(channel)
        throw error
      }
      return () => remove(channel, own)
    },

    async caughtUp() {
      if (!everConnected) return
      if (client === null) throw new Error('Notifications do not arrive now; the connection is away.')
      const id = randomUUID()
      const { promise: back, resolve } = Promise.withResolvers<void>()
      notes.set(id, resolve)
      try {
        await client.query(`LISTEN ${noteChannel}; NOTIFY ${noteChannel}, '${id}'`)
        await back
      } finally {
        notes.delete(id)
      }
      await Promise.all(underWay)
    },

    async close() {
      closed = true
      clearTimeout(reconnectTimer)
      clearInterval(heartbeatTimer)
      await connecting?.catch((error: unknown) => logger.debug({ err: error }, 'Closed while connecting.'))
      const last = client
      client = null
      await last?.end()
    },
  }

  /** A connection attempt that was already under way may have passed its LISTENs before this channel was added. */
  async function connectListeningTo(channel: string): Promise<void> {
    await connect()
    await client?.query(`LISTEN ${escapeIdentifier(channel)}`)
  }
}
