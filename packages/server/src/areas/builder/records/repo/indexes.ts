import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '@holdfast/database/database'
import { isUniqueViolation } from '@holdfast/database/database'
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
): Pick<RecordStore, 'createIndex' | 'dropIndex'> {
  return {
    async createIndex(ctx, collection, index, onProgress) {
      const name = indexName(collection, index)
      const client = await openClient(database)
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      const watch = setInterval(() => void reportProgress(rows[0]?.pid ?? 0, onProgress), progressEveryMs)
      try {
        await takeTurn(client, ctx.signal)
        await client.query(`drop index concurrently if exists records.${name}`)
        const expression = valueExpression([index.key], index.cast)
        await client.query(
          `create ${index.unique ? 'unique ' : ''}index concurrently ${name} on ${tableOf(collection)} (${expression})`,
        )
        await client.query(`analyze ${tableOf(collection)}`)
      } catch (error) {
        await client.query(`drop index concurrently if exists records.${name}`)
        if (isUniqueViolation(error)) throw new UniqueViolation(exampleOf(error))
        throw error
      } finally {
        clearInterval(watch)
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
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [turnLock])
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

/** `Key (…)=(A-17) is duplicated.` */
function exampleOf(error: unknown): string {
  const detail = error instanceof DatabaseError ? (error.detail ?? '') : ''
  return /\)=\((.*)\) /.exec(detail)?.[1] ?? 'that occurs twice'
}
