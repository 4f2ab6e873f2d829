import type { HandlerRun } from '@holdfast/contracts/builder/code'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import { type Context, systemContext } from '../../../../context.ts'
import { storableJson, storableText } from '../../../../storable.ts'
import type { Tables } from '../../../../tables.ts'

export type HandlerRunRow = HandlerRun
export type HandlerRunsRepo = ReturnType<typeof createHandlerRunsRepo>

/** All SQL of the runs of handlers. */
export function createHandlerRunsRepo(database: Database<Tables>) {
  return {
    /** Runs of endpoints that are gone by now are left out. Keeps `kept` runs of each handler. */
    async add(runs: readonly HandlerRunRow[], kept: number): Promise<void> {
      const rows = runs.map((run) => ({
        id: run.id,
        endpoint_id: run.endpointId,
        handler: run.handler,
        type: run.type,
        request_id: storableText(run.requestId),
        failure: run.error?.failure ?? null,
        message: storableText(run.error?.message ?? ''),
        stack: storableText(run.error?.stack ?? ''),
        console: storableJson(run.console),
        console_dropped: run.consoleDropped,
        duration_ms: run.durationMs,
        created_at: run.createdAt,
      }))
      await database.transaction(systemContext('handler runs'), async (tx) => {
        await sql`
          insert into handler_runs
          select row.* from jsonb_populate_recordset(null::handler_runs, ${JSON.stringify(rows)}::jsonb) as row
          join endpoints on endpoints.id = row.endpoint_id
        `.execute(database.of(tx))
        const handlers = new Map(runs.map((run) => [`${run.endpointId} ${run.handler}`, run]))
        for (const { endpointId, handler } of handlers.values()) {
          await sql`
            delete from handler_runs where endpoint_id = ${endpointId} and handler = ${handler} and id <= (
              select id from handler_runs where endpoint_id = ${endpointId} and handler = ${handler}
              order by id desc offset ${kept} limit 1)
          `.execute(database.of(tx))
        }
      })
    },

    /** Newest first. */
    async list(
      ctx: Context,
      endpointId: string,
      { handler, failed, limit }: { handler?: string | undefined; failed: boolean | null; limit: number },
    ): Promise<HandlerRun[]> {
      const rows = await database
        .of(ctx)
        .selectFrom('handler_runs')
        .selectAll()
        .where('endpoint_id', '=', endpointId)
        .$if(handler !== undefined, (query) => query.where('handler', '=', handler ?? ''))
        .$if(failed !== null, (query) => query.where('failure', failed === true ? 'is not' : 'is', null))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        id: row.id,
        endpointId,
        handler: row.handler,
        type: row.type as HandlerRun['type'],
        requestId: row.request_id,
        error:
          row.failure === null
            ? null
            : {
                failure: row.failure as NonNullable<HandlerRun['error']>['failure'],
                message: row.message,
                stack: row.stack,
              },
        console: row.console as HandlerRun['console'],
        consoleDropped: row.console_dropped,
        durationMs: row.duration_ms,
        createdAt: row.created_at,
      }))
    },
  }
}
