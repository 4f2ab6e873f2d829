import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '@holdfast/database/database'
import { isConnectionError, isUniqueViolation } from '@holdfast/database/database'
import type { Logger } from '@holdfast/kernel/logger'
import { sql } from 'kysely'
import { Client, DatabaseError } from 'pg'
import { clientConfig } from '@holdfast/database/client'
import type { Tables } from '../../../../tables.ts'
import { type FieldIndex, type RecordStore, UniqueViolation } from '../../model.ts'
import { valueExpression } from './query-sql.ts'
import { type Stored, tableNameOf, tableOf } from './storage.ts'

/**
 * Indexes over one field of a collection, built and dropped while others write. A concurrent build that fails leaves an
 * invalid index behind, which is dropped before the failure is told.
 */
const progressEveryMs = 500
const turnPollMs = 100
/** Any number; advisory locks are per database. */
const turnLock = 7_300_010

export function createIndexes(
  database: Database<Tables>,
  logger: Logger,
): Pick<RecordStore, 'createIndex' | 'dropIndex' | 'settleIndexes'> {
  return {
    async createIndex(ctx, collection, index, onProgress) {
      const name = indexName(collection, index)
      const client = await openClient(database)
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      const pid = rows[0]?.pid ?? 0
      const watch = setInterval(() => void reportProgress(pid, onProgress), progressEveryMs)
      let breakingOff: Promise<void> | undefined
      const breakOff = () => void (breakingOff ??= stopStatement(pid))
      try {
        await takeTurn(client, ctx.signal)
        await client.query(`drop index concurrently if exists records.${name}`)
        ctx.signal.addEventListener('abort', breakOff, { once: true })
        const expression = valueExpression([index.key], index.cast)
        await client.query(
          `create ${index.unique ? 'unique ' : ''}index concurrently ${name} on ${tableOf(collection)} (${expression})`,
        )
        await client.query(`analyze ${tableOf(collection)}`)
        ctx.signal.throwIfAborted()
      } catch (error) {
        // Or it would end the clean-up instead of the build.
        await breakingOff
        await dropUnfinished(client, name, error)
        if (isUniqueViolation(error)) throw new UniqueViolation(exampleOf(error))
        throw error
      } finally {
        clearInterval(watch)
        ctx.signal.removeEventListener('abort', breakOff)
        await client.end()
      }
    },

    async dropIndex(ctx, collection, index) {
      const client = await openClient(database)
      try {
        await takeTurn(client, ctx.signal)
        await client.query(`drop index concurrently if exists records.${indexName(collection, index)}`)
      } finally {
        await client.end()
      }
    },

    async settleIndexes(ctx, collection, fieldId) {
      const names = [true, false].map((unique) => indexName(collection, { fieldId, unique }))
      const look = () => indexesNamed(names)
      const found = await look()
      if (found.every(({ isValid }) => isValid)) return answerOf(found)
      const client = await openClient(database)
      try {
        // What is being built is not valid either: it is, or it is gone, when it is our turn.
        await takeTurn(client, ctx.signal)
        const left = await look()
        for (const { name, isValid } of left)
          if (!isValid) await client.query(`drop index concurrently if exists records.${name}`)
        return answerOf(left)
      } finally {
        await client.end()
      }
    },
  }

  async function indexesNamed(names: readonly string[]): Promise<{ name: string; isValid: boolean }[]> {
    const { rows } = await sql<{ name: string; isValid: boolean }>`
      select class.relname as name, index.indisvalid as "isValid"
      from pg_index as index join pg_class as class on class.oid = index.indexrelid
      where class.relnamespace = 'records'::regnamespace and class.relname in (${sql.join([...names])})
    `.execute(database.kysely)
    return rows
  }

  /** On a new connection when the old one was lost. */
  async function dropUnfinished(client: Client, name: string, reason: unknown): Promise<void> {
    const drop = (on: Client) => on.query(`drop index concurrently if exists records.${name}`)
    if (!isConnectionError(reason)) {
      await drop(client)
      return
    }
    const fresh = await openClient(database)
    try {
      await drop(fresh)
    } finally {
      await fresh.end()
    }
  }

  async function stopStatement(pid: number): Promise<void> {
    try {
      await sql`select pg_cancel_backend(${pid})`.execute(database.kysely)
    } catch (error) {
      logger.warn({ err: error }, 'The build of an index could not be broken off; it goes on to its end')
    }
  }

  async function reportProgress(
    pid: number,
    onProgress: (done: number, total: number) => void,
  ): Promise<void> {
    try {
      const { rows } = await sql<{ done: number; total: number }>`
        select greatest(blocks_done, tuples_done) as done, greatest(blocks_total, tuples_total) as total
        from pg_stat_progress_create_index where pid = ${pid}
      `.execute(database.kysely)
      if (rows[0]) onProgress(rows[0].done, rows[0].total)
    } catch (error) {
      logger.debug({ err: error }, 'The progress of an index could not be read.')
    }
  }
}

/** A connection of its own, without a time limit: building an index takes as long as it takes. */
async function openClient(database: Database<Tables>): Promise<Client> {
  const client = new Client({
    ...clientConfig(database.connection),
    statement_timeout: 0,
    application_name: 'holdfast index',
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/**
 * One at a time, over all replicas: concurrent builds wait for each other's transactions until PostgreSQL ends one of
 * them. It asks again instead of waiting in PostgreSQL, because a waiting statement is a transaction that the build at
 * work would wait for. Closing the connection gives the turn back.
 */
async function takeTurn(client: Client, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      turnLock,
    ])
    if (rows[0]?.taken) return
    await wait(turnPollMs, undefined, { signal })
  }
}

/** Index names are at most 63 bytes: the digits of the field and of the collection's end fit. */
function indexName(collection: Stored, { fieldId, unique }: Pick<FieldIndex, 'fieldId' | 'unique'>): string {
  const field = fieldId.replaceAll('-', '')
  if (!/^[0-9a-f]{32}$/i.test(field)) throw new Error(`${fieldId} is not the id of a field.`)
  return `${unique ? 'u' : 'i'}_${field.toLowerCase()}_${tableNameOf(collection).slice(-12)}`
}

function answerOf(found: readonly { name: string; isValid: boolean }[]) {
  const has = (prefix: string) => found.some(({ name, isValid }) => isValid && name.startsWith(prefix))
  return { unique: has('u_'), plain: has('i_') }
}

/** `Key (…)=(A-17) is duplicated.` */
function exampleOf(error: unknown): string {
  const detail = error instanceof DatabaseError ? (error.detail ?? '') : ''
  return /\)=\((.*)\) /.exec(detail)?.[1] ?? 'that occurs twice'
}
