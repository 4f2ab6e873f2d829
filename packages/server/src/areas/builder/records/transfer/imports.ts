import type { Operation } from '@holdfast/contracts/platform/operations'
import { problem } from '@holdfast/contracts/problems'
import type { UploadedBody } from '@holdfast/contracts/kit/media'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { OperationHandler, Operations } from '../../../../work/operations/service.ts'
import type { AuditLog } from '../../../platform/audit/service.ts'
import type { EndpointModel, Snapshots } from '../../model.ts'
import type { ImportsRepo, Refusal, StoredImport } from '../repo/imports.ts'
import { importBatch, type ImportWriterNeeds } from './import-batch.ts'
import { type ImportFormat, readRows, type ReadRow } from './read-rows.ts'
import { UploadUnreadable } from './text-rows.ts'

/**
 * Import: the upload is stored in pieces, an operation reads it and creates records in batches. A row that is refused is
 * reported and the others go on. Each batch, its report and how far it came are one transaction: a run that is cut off
 * continues behind its last batch, so nothing is imported twice, not even when a server that was given up for dead goes
 * on beside it. Cancelling keeps what is in.
 */
export interface Imports {
  /** Throws endpoints.not_found. */
  start(ctx: Context, endpointId: string, upload: UploadedBody): Promise<Operation>
  /** Newline-delimited JSON. Throws records.import_not_found. */
  refusals(ctx: Context, endpointId: string, importId: string): Promise<AsyncIterable<string>>
  operation: OperationHandler
  /** Forgets imports and their reports after a week. */
  sweep(ctx: Context): Promise<number>
}

interface Needs extends ImportWriterNeeds {
  repo: ImportsRepo
  database: Pick<Database<Tables>, 'transaction'>
  operations: Pick<Operations, 'start'>
  audit: Pick<AuditLog, 'append'>
  snapshots: Pick<Snapshots, 'current'>
  /** Throws endpoints.not_found, endpoints.system_protected. */
  findEndpoint(id: string): EndpointModel
  ids: Ids
  clock: Clock
}

export const importOperation = 'records.import'
const chunkSizeBytes = 1024 * 1024
/** Rows, and characters of them, that are held and written together. */
const batchMax = 500
const batchLengthMax = 8 * 1024 * 1024
const keptMs = 7 * 24 * 60 * 60 * 1_000
const formats: Readonly<Record<string, ImportFormat>> = {
  'application/x-ndjson': 'ndjson',
  'text/csv': 'csv',
  'application/json': 'json',
}

export function createImports(needs: Needs): Imports {
  const { repo, database, operations, audit, ids, clock, findEndpoint } = needs

  /** Stores the upload in pieces of one size; answers how many bytes there were. */
  async function store(ctx: Context, id: string, body: AsyncIterable<Uint8Array>): Promise<number> {
    let position = 0
    let sizeBytes = 0
    let waiting: Uint8Array[] = []
    let waitingBytes = 0
    const flush = async () => {
      if (waitingBytes === 0) return
      await repo.addChunk(ctx, id, position, Buffer.concat(waiting))
      position += 1
      waiting = []
      waitingBytes = 0
    }
    for await (const bytes of body) {
      waiting.push(bytes)
      waitingBytes += bytes.length
      sizeBytes += bytes.length
      if (waitingBytes >= chunkSizeBytes) await flush()
    }
    await flush()
    return sizeBytes
  }

  async function* load(ctx: Context, id: string): AsyncGenerator<Uint8Array> {
    for (let position = 0; ; position += 1) {
      ctx.signal.throwIfAborted()
      const bytes = await repo.readChunk(ctx, id, position)
      if (bytes === null) return
      yield bytes
    }
  }

  async function run(ctx: Context, importId: string, progress: (done: number, total: number) => void) {
    const upload = await findImport(ctx, importId)
    const endpoint = findEndpoint(upload.endpointId)
    const rows = readRows(upload.format, load(ctx, importId), endpoint.collection, upload.groupIds)
    let batch: ReadRow[] = []
    let batchLength = 0
    let { linesDone } = upload
    const write = async () => {
      for (let last = batch.at(-1); last !== undefined; last = batch.at(-1)) {
        const range = { linesBefore: linesDone, linesDone: last.line }
        const isStored = await importBatch(needs, ctx, { upload, endpoint, rows: batch, ...range })
        linesDone = isStored ? last.line : (await findImport(ctx, importId)).linesDone
        batch = batch.filter(isLeft)
        // What is stored counts, not what was read ahead.
        progress(Math.min(last.endBytes, upload.sizeBytes), upload.sizeBytes)
      }
    }
    const isLeft = ({ line }: ReadRow) => line > linesDone
    // A run that has put everything in throws the file away; its server may have died before it could say so.
    const isComplete = async () => upload.sizeBytes > 0 && !(await repo.hasChunks(ctx, importId))
    try {
      for await (const row of rows) {
        ctx.signal.throwIfAborted()
        if (!isLeft(row)) continue
        batch.push(row)
        batchLength += row.text.length
        if (batch.length < batchMax && batchLength < batchLengthMax) continue
        await write()
        batchLength = 0
      }
    } catch (error) {
      if (!(error instanceof UploadUnreadable)) throw error
      await write()
      if (!(await isComplete()))
        throw problem('records.import_unreadable', { sentence: error.message, cause: error })
    }
    await write()
    progress(upload.sizeBytes, upload.sizeBytes)
    await repo.dropChunks(ctx, importId)
    const { accepted, refused } = await findImport(ctx, importId)
    return {
      importId,
      accepted,
      refused,
      refusals: refused === 0 ? null : `/api/endpoints/${endpoint.id}/imports/${importId}/refusals`,
    }
  }

  async function findImport(ctx: Context, id: string): Promise<StoredImport> {
    const found = await repo.find(ctx, id)
    if (found === null) throw problem('records.import_not_found')
    return found
  }

  async function* refusalLines(ctx: Context, importId: string): AsyncGenerator<string> {
    let after = 0
    for (;;) {
      const refusals: Refusal[] = await repo.refusals(ctx, importId, after, 1_000)
      if (refusals.length === 0) return
      yield refusals.map((refusal) => `${JSON.stringify(refusal)}\n`).join('')
      after = refusals.at(-1)?.line ?? after
    }
  }

  return {
    async start(ctx, endpointId, { contentType, body }) {
      const endpoint = findEndpoint(endpointId)
      const id = ids.uuid()
      const { actor } = ctx
      const upload = {
        id,
        endpointId: endpoint.id,
        format: formats[contentType] ?? 'ndjson',
        groupIds: actor.kind === 'user' ? [...actor.groupIds] : [],
        sizeBytes: 0,
        createdBy: actor.kind === 'user' ? actor.userId : null,
      }
      await repo.insert(ctx, upload, clock.now())
      const sizeBytes = await store(ctx, id, body)
      return database.transaction(ctx, async (tx) => {
        await repo.setSize(tx, id, sizeBytes)
        const operation = await operations.start(tx, {
          kind: importOperation,
          input: { importId: id },
          target: { type: 'endpoint', id: endpoint.id },
        })
        await audit.append(tx, {
          target: { type: 'endpoint', id: endpoint.id },
          details: { importId: id, format: upload.format, sizeBytes },
        })
        return operation
      })
    },

    async refusals(ctx, endpointId, importId) {
      const found = await findImport(ctx, importId)
      const { endpoints } = needs.snapshots.current()
      // Started under another endpoint of the collection, it belongs to the one that creates records.
      const collection = endpoints.get(endpointId)?.collection.id ?? null
      if (found.endpointId !== endpointId && endpoints.get(found.endpointId)?.collection.id !== collection)
        throw problem('records.import_not_found')
      return refusalLines(ctx, importId)
    },

    operation: {
      name: importOperation,
      run: (ctx, { input, progress }) => run(ctx, String(input.importId), progress),
    },

    sweep: (ctx) => repo.removeBefore(ctx, new Date(clock.nowMs() - keptMs)),
  }
}
