/**
 * The product's way to PostgreSQL: one pool, transactions that join, a tenant scope, notifications.
 *
 * Connections come and go: a lost one is logged, the query that was using it fails with an error that
 * `isConnectionError` recognises, and the next query opens a new one. Nothing has to be restarted.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type ClientBase, Pool } from 'pg'
import { type ConnectionConfig, clientConfig, MarkingClient } from './client.ts'
import { createListenHub, type ListenHub } from './listen-hub.ts'
import type { DatabaseLogger } from './logger.ts'
import { warnWhenRowSecurityIsBypassed } from './privileges.ts'
import { createTransactions, type TransactionContext, type Transactions } from './transactions.ts'

export type { ConnectionConfig } from './client.ts'
export {
  databaseErrorCode,
  isConnectionError,
  isForeignKeyViolation,
  isUniqueViolation,
} from './errors.ts'
export type { NotificationHandler } from './listen-hub.ts'
export type { TransactionContext, TransactionOptions } from './transactions.ts'

export interface DatabaseOptions {
  readonly connection: ConnectionConfig
  readonly logger: DatabaseLogger
  /** Connections at most; one more is used for `listen`. Default 10. */
  readonly poolSizeMax?: number
  /** PostgreSQL cancels a statement that takes longer. Default 30,000. */
  readonly statementTimeoutMs?: number
  /** How long a query waits for a free connection before it fails as a connection error. Default 5,000. */
  readonly acquireTimeoutMs?: number
  /** How long `close` waits for connections that are in use. Default 5,000. */
  readonly closeWithinMs?: number
  /** Shown in pg_stat_activity. Default `holdfast`. */
  readonly applicationName?: string
}

export type Health =
  | { readonly ok: true; readonly latencyMs: number }
  | { readonly ok: false; readonly reason: string }

export interface Database<Schema> extends Transactions<Schema>, Pick<ListenHub, 'listen' | 'caughtUp'> {
  /** For what Kysely cannot do (streams, prepared statements of the hot path). Set `types` apart, it parses as Kysely does. */
  readonly pool: Pool
  /** Outside any transaction; prefer `of(ctx)`. */
  readonly kysely: Kysely<Schema>
  /** How to reach the same database with a pool or client of one's own. */
  readonly connection: ConnectionConfig
  /** Delivered when the transaction commits, never when it rolls back. At most 7,999 bytes: send an id, not the thing. */
  notify(ctx: TransactionContext<Schema>, channel: string, payload: string): Promise<void>
  /** Answers within two seconds. */
  health(): Promise<Health>
  /** Waits for running queries and transactions, for `closeWithinMs` at most; then cuts them off. The database cannot be used afterwards. */
  close(): Promise<void>
}

const notifyBytesMax = 7_999
const goodbyeTimeoutMs = 1_000
const closeWithinMs = 5_000
const healthTimeoutMs = 2_000
const idleConnectionMs = 30_000
const idleInTransactionMs = 60_000

/** Opens no connection yet, so it cannot fail; `health()` or the first query will tell. */
export function openDatabase<Schema>(options: DatabaseOptions): Database<Schema> {
  const { connection, logger } = options
  const pool = createPool(options)
  const connections = trackConnections(pool)
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  const transactions = createTransactions(kysely, logger)
  const hub = createListenHub(connection, logger)
  let closing: Promise<void> | undefined

  async function close(): Promise<void> {
    await hub.close()
    // Not kysely.destroy(): it leaves a pool open that Kysely itself has not used yet.
    const ended = pool.end()
    // Whoever still holds a connection (a transaction that waits for somebody, a server that was not stopped first)
    // must not keep the process from ending.
    await settledWithin(ended, options.closeWithinMs ?? closeWithinMs)
    connections.endAll()
    await connections.allGone()
  }

  return {
    pool,
    kysely,
    connection,
    ...transactions,
    listen: hub.listen,
    caughtUp: hub.caughtUp,
    async notify(ctx, channel, payload) {
      const bytes = Buffer.byteLength(payload)
      if (bytes > notifyBytesMax) {
        throw new RangeError(
          `A notification on ${channel} has ${bytes} bytes; at most ${notifyBytesMax} are delivered.`,
        )
      }
      await sql`select pg_notify(${channel}, ${payload})`.execute(transactions.of(ctx))
    },
    health: () => checkHealth(pool),
    close: () => (closing ??= close()),
  }
}

function createPool(options: DatabaseOptions): Pool {
  const { connection, logger } = options
  let checkedPrivileges = false

  async function prepareConnection(client: ClientBase): Promise<void> {
    await client.query("set time zone 'UTC'")
    if (checkedPrivileges) return
    checkedPrivileges = true
    await warnWhenRowSecurityIsBypassed(client, logger)
  }

  const pool = new Pool({
    ...clientConfig(connection),
    Client: MarkingClient,
    max: options.poolSizeMax ?? 10,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 5_000,
    idleTimeoutMillis: idleConnectionMs,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    application_name: options.applicationName ?? 'holdfast',
    // The pool waits for the promise before it hands the connection out, which its type does not say.
    // oxlint-disable-next-line typescript/no-misused-promises
    onConnect: prepareConnection,
  })
  pool.on('error', (error) => {
    // Not the error itself: it carries the client with its whole configuration.
    logger.warn({ reason: error.message }, 'An idle database connection was lost; a new one follows.')
  })
  return pool
}

/**
 * `pool.end()` resolves while its connections are still closing; whoever stops PostgreSQL next would cut them off.
 * A connection whose other end is gone may never say goodbye, so the waiting is bounded.
 */
function trackConnections(pool: Pool): { endAll(): void; allGone(): Promise<void> } {
  const open = new Set<ClientBase>()
  let whenGone = () => {}
  pool.on('connect', (client) => void open.add(client))
  pool.on('remove', (client) => {
    open.delete(client)
    if (open.size === 0) whenGone()
  })
  return {
    endAll() {
      for (const client of open) {
        if (!(client instanceof MarkingClient)) continue
        // The pool does not let go of a connection that is in use, also when it has ended.
        client.once('end', () => pool.emit('remove', client))
        void client.end()
      }
    },
    async allGone() {
      if (open.size === 0) return
      const gone = new Promise<void>((resolve) => {
        whenGone = resolve
      })
      await settledWithin(gone, goodbyeTimeoutMs)
    },
  }
}

/** Waits for `work`, but no longer than that. */
async function settledWithin(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  const patience = new AbortController()
  const timeout = wait(timeoutMs, undefined, { ref: false, signal: patience.signal }).catch(() => undefined)
  try {
    await Promise.race([work, timeout])
  } finally {
    patience.abort()
  }
}

async function checkHealth(pool: Pool): Promise<Health> {
  const startedAt = performance.now()
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<Health>((resolve) => {
    const reason = `PostgreSQL did not answer within ${healthTimeoutMs / 1000} seconds.`
    timer = setTimeout(() => resolve({ ok: false, reason }), healthTimeoutMs)
  })
  const answer = pool.query('select 1').then(
    (): Health => ({ ok: true, latencyMs: Math.round((performance.now() - startedAt) * 100) / 100 }),
    (error: unknown): Health => ({
      ok: false,
      reason: error instanceof Error ? error.message : String(error),
    }),
  )
  try {
    return await Promise.race([answer, timeout])
  } finally {
    clearTimeout(timer)
  }
}
