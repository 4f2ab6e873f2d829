import { problem } from '@holdfast/contracts/problems'
import type { RawDocument } from '@holdfast/contracts/platform/explorer'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { AuditLog } from '../../../platform/audit/service.ts'
import type { DocumentCollection, DocumentQuery } from '../../../platform/explorer/collection.ts'
import type { Checked, Collection, EndpointModel, Snapshot } from '../../model.ts'
import { checkBody } from '../body.ts'
import { groupsNamedBy } from '../named-groups.ts'
import type { RecordAccess } from '../record-access.ts'
import type { BatchInsert } from '../repo/batch-insert.ts'
import { acceptChecked, checkReferences } from '../validation.ts'
import type { RecordDocumentsRepo, RecordRow } from './repo.ts'

interface Needs {
  repo: RecordDocumentsRepo
  insert: BatchInsert
  access: Pick<RecordAccess, 'existing'>
  snapshot: () => Snapshot
  database: Pick<Database<Tables>, 'transaction' | 'afterCommit'>
  audit: Pick<AuditLog, 'append'>
  /** Called after every write that committed. */
  onWrite(collection: Pick<Collection, 'id'>): void
  clock: Clock
  ids: Ids
}

const recordIdPattern = /^[0-9a-f]{24}$/

/**
 * The records of all endpoints as one collection of documents: where each belongs, and its values under `data`. What is
 * written passes the schema of the endpoint on its path; fields that are hidden stay so.
 */
export function createRecordDocuments(needs: Needs): DocumentCollection {
  const { repo, insert, access, snapshot, database, audit, onWrite, clock, ids } = needs
  const now = () => clock.now().toISOString()
  const all = () => [...snapshot().collections.values()]

  const findRow = async (ctx: Context, id: string): Promise<RecordRow | undefined> =>
    recordIdPattern.test(id) ? (await repo.findMany(ctx, all(), [id], now()))[0] : undefined

  function documentOf(row: RecordRow): RawDocument | null {
    const collection = snapshot().collections.get(row.collectionId)
    if (collection === undefined) return null
    const body = JSON.parse(row.body) as Record<string, unknown>
    return {
      _id: row.id,
      id: row.id,
      resourcePath: collection.path,
      collectionId: collection.id,
      endpointId: row.endpointId,
      data: collection.isPlain ? body : collection.codec.decode(body, groupsNamedBy(collection)),
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
      expiresAt: row.expiresAt,
    }
  }

  /** The endpoint whose schema counts: the one that offers this over HTTP, when there is one. */
  function endpointOn(collection: Collection, method: 'POST' | 'PUT'): EndpointModel {
    const endpoints = snapshot().endpointsOf(collection.id)
    const found = endpoints.find((endpoint) => endpoint.method === method) ?? endpoints[0]
    if (found !== undefined) return found
    throw problem('database.document_conflict', {
      sentence: `No endpoint on ${collection.path} is enabled. Enable one first: its schema says what a record is.`,
    })
  }

  function targetOf(document: Record<string, unknown>): EndpointModel {
    const { endpointId, collectionId, resourcePath } = document
    if (typeof endpointId === 'string') {
      const endpoint = snapshot().endpoints.get(endpointId)
      if (endpoint !== undefined) return endpoint
    }
    const collection = all().find(({ id, path }) => id === collectionId || path === resourcePath)
    if (collection !== undefined) return endpointOn(collection, 'POST')
    const sentence = 'Say where the record belongs: resourcePath (/api/products), collectionId or endpointId.'
    throw problem('request.invalid', {
      sentence,
      details: [{ path: 'body.resourcePath', message: 'must be the path of an endpoint that there is' }],
    })
  }

  async function accepted(collection: Collection, check: (groupIds: readonly string[]) => Checked) {
    const { body, references } = acceptChecked(check(groupsNamedBy(collection)))
    await checkReferences(access, snapshot(), references)
    return JSON.stringify(body)
  }

  async function existing(ctx: Context, id: string): Promise<RecordRow & { collection: Collection }> {
    const row = await findRow(ctx, id.toLowerCase())
    const collection = snapshot().collections.get(row?.collectionId ?? '')
    if (row === undefined || collection === undefined) throw problem('records.not_found')
    return { ...row, collection }
  }

  async function conclude(ctx: Context, collection: Collection, id: string): Promise<void> {
    await database.afterCommit(ctx, () => onWrite(collection))
    await audit.append(ctx, { target: { type: 'record', id }, details: { path: collection.path } })
  }

  return {
    label: 'Records',
    description: 'What endpoints have stored, of all paths.',
    writers: ['manage_api'],
    operations: ['create', 'update', 'delete'],
    count: (ctx) => repo.count(ctx, all()),

    async list(ctx, { limit, offset, search }: DocumentQuery) {
      if (search !== '') {
        const row = await findRow(ctx, search.toLowerCase())
        const document = row === undefined ? null : documentOf(row)
        if (document !== null) return { documents: [document], total: 1 }
      }
      const collections = all().filter(({ path }) => path.toLowerCase().includes(search.toLowerCase()))
      const at = now()
      const places = await repo.page(ctx, collections, { offset, limit, now: at })
      const used = collections.filter(({ id }) => places.some(({ collectionId }) => collectionId === id))
      const rows = await repo.findMany(
        ctx,
        used,
        places.map(({ id }) => id),
        at,
      )
      const byPlace = new Map(rows.map((row) => [`${row.collectionId} ${row.id}`, row]))
      const documents = places.flatMap(({ id, collectionId }) => {
        const row = byPlace.get(`${collectionId} ${id}`)
        return (row === undefined ? null : documentOf(row)) ?? []
      })
      return { documents, total: await repo.count(ctx, collections) }
    },

    async find(ctx, id) {
      const row = await findRow(ctx, id.toLowerCase())
      return row === undefined ? null : documentOf(row)
    },

    async create(ctx, document) {
      const endpoint = targetOf(document)
      const { collection } = endpoint
      checkBody(document['data'])
      const body = await accepted(collection, (groupIds) =>
        endpoint.validator.create(document['data'] ?? {}, groupIds),
      )
      const id = ids.objectId()
      await database.transaction(ctx, async (tx) => {
        const target = { collection, endpointId: endpoint.id, retentionDays: endpoint.dataRetentionDays }
        const refused = await insert(tx, target, [{ id, body }], clock.now())
        const [sentence] = refused.values()
        if (sentence !== undefined) throw problem('database.document_conflict', { sentence })
        await conclude(tx, collection, id)
      })
      return id
    },

    update: (ctx, id, document) =>
      database.transaction(ctx, async (tx) => {
        const row = await existing(tx, id)
        checkBody(document['data'])
        const stored = JSON.parse(row.body) as Record<string, unknown>
        const { validator } = endpointOn(row.collection, 'PUT')
        const body = await accepted(row.collection, (groupIds) =>
          validator.replace(document['data'] ?? {}, stored, groupIds),
        )
        if (!(await repo.update(tx, row.collection, { ...row, body, now: now() })))
          throw problem('records.changed_meanwhile')
        await conclude(tx, row.collection, id)
      }),

    remove: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        const { collection } = await existing(tx, id)
        await repo.remove(tx, collection, id.toLowerCase(), now())
        await conclude(tx, collection, id)
      }),

    clear: (ctx) =>
      database.transaction(ctx, async (tx) => {
        const collections = all()
        const deleted = await repo.clear(tx, collections, now())
        await database.afterCommit(tx, () => collections.forEach(onWrite))
        await audit.append(tx, { target: { type: 'records', id: null }, details: { deleted } })
        return deleted
      }),
  }
}
