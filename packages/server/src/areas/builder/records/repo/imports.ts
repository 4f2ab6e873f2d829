import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { ImportFormat } from '../transfer/read-rows.ts'

export interface StoredImport {
  id: string
  endpointId: string
  format: ImportFormat
  groupIds: string[]
  sizeBytes: number
  createdBy: string | null
  linesDone: number
  accepted: number
  refused: number
}

export interface Refusal {
  line: number
  message: string
  /** What stood there, cut to a length that a person can look at. */
  text: string
}

export type ImportsRepo = ReturnType<typeof createImportsRepo>

/** Uploads, how far their import is, and what it refused. */
export function createImportsRepo(database: Database<Tables>) {
  return {
    async insert(
      ctx: Context,
      upload: Omit<StoredImport, 'linesDone' | 'accepted' | 'refused'>,
      at: Date,
    ): Promise<void> {
      const { id, endpointId, format, groupIds, sizeBytes, createdBy } = upload
      await database
        .of(ctx)
        .insertInto('record_imports')
        .values({
          id,
          endpoint_id: endpointId,
          format,
          group_ids: groupIds,
          size_bytes: sizeBytes,
          created_by: createdBy,
          created_at: at.toISOString(),
        })
        .execute()
    },

    async setSize(ctx: Context, id: string, sizeBytes: number): Promise<void> {
      await database
        .of(ctx)
        .updateTable('record_imports')
        .set({ size_bytes: sizeBytes })
        .where('id', '=', id)
        .execute()
    },

    async addChunk(ctx: Context, id: string, position: number, bytes: Buffer): Promise<void> {
      await database
        .of(ctx)
        .insertInto('record_import_chunks')
        .values({ import_id: id, position, bytes })
        .execute()
    },

    async readChunk(ctx: Context, id: string, position: number): Promise<Buffer | null> {
      const row = await database
        .of(ctx)
        .selectFrom('record_import_chunks')
        .select('bytes')
        .where('import_id', '=', id)
        .where('position', '=', position)
        .executeTakeFirst()
      return row?.bytes ?? null
    },

    async hasChunks(ctx: Context, id: string): Promise<boolean> {
      const row = await database
        .of(ctx)
        .selectFrom('record_import_chunks')
        .select('position')
        .where('import_id', '=', id)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    async dropChunks(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('record_import_chunks').where('import_id', '=', id).execute()
    },

    async find(ctx: Context, id: string): Promise<StoredImport | null> {
      const row = await database
        .of(ctx)
        .selectFrom('record_imports')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) return null
      return {
        id: row.id,
        endpointId: row.endpoint_id,
        format: row.format as ImportFormat,
        groupIds: row.group_ids,
        sizeBytes: row.size_bytes,
        createdBy: row.created_by,
        linesDone: row.lines_done,
        accepted: row.accepted,
        refused: row.refused,
      }
    },

    /**
     * In the transaction of the batch, so that a second run continues exactly behind it. False when another run has
     * come further than `linesBefore`: the batch must not be kept.
     */
    async advance(
      ctx: Context,
      id: string,
      batch: {
        linesBefore: number
        linesDone: number
        accepted: number
        refusals: readonly Refusal[]
      },
    ): Promise<boolean> {
      const { numAffectedRows } = await sql`
        update record_imports set lines_done = ${batch.linesDone}, accepted = accepted + ${batch.accepted},
          refused = refused + ${batch.refusals.length} where id = ${id} and lines_done = ${batch.linesBefore}
      `.execute(database.of(ctx))
      if (numAffectedRows !== 1n) return false
      if (batch.refusals.length > 0) {
        const rows = batch.refusals.map(({ line, message, text }) => ({ import_id: id, line, message, text }))
        await database.of(ctx).insertInto('record_import_refusals').values(rows).execute()
      }
      return true
    },

    refusals(ctx: Context, id: string, afterLine: number, max: number): Promise<Refusal[]> {
      return database
        .of(ctx)
        .selectFrom('record_import_refusals')
        .select(['line', 'message', 'text'])
        .where('import_id', '=', id)
        .where('line', '>', afterLine)
        .orderBy('line')
        .limit(max)
        .execute()
    },

    async removeBefore(ctx: Context, before: Date): Promise<number> {
      const result = await database
        .of(ctx)
        .deleteFrom('record_imports')
        .where('created_at', '<', before.toISOString())
        .executeTakeFirst()
      return Number(result.numDeletedRows)
    },
  }
}
