import type {
  Endpoint,
  EndpointChange,
  EndpointInput,
  EndpointVersion,
} from '@holdfast/contracts/builder/endpoints'
import type { Field } from '@holdfast/contracts/builder/fields'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import { isUniqueViolation } from '@holdfast/database/errors'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { RecordStore, Snapshots } from '../model.ts'
import { createChange } from './changing.ts'
import { checkNetwork, checkPath } from './checks.ts'
import type { CollectionsRepo } from './collections/repo.ts'
import { asKnownField, created } from './definitions.ts'
import { type ListPlace, readPlace, readVersionPlace, writePlace } from './list-cursor.ts'
import { collectionPath } from './paths.ts'
import type { EndpointFilter, EndpointsRepo } from './repo.ts'
import { createSaving, refuse } from './saving.ts'
import type { SchemaChanges } from './schema-changes.ts'
import { withTable } from './stored.ts'
import type { SystemEndpoints } from './system.ts'

/**
 * Endpoints: what a path and method do, for whom, and what a record looks like.
 *
 * Invariants: path (parameters alike) and method are unique; every endpoint belongs to the collection of its path, which
 * lives as long as one does, table and all; no path that the product answers; every schema is kept as a version, with
 * the names of its time. A change is seen by the caller's server when it is answered, by the others within a second.
 * Events: endpoint.created, endpoint.updated, endpoint.deleted.
 */
export interface Endpoints {
  /** Throws request.invalid for a cursor that is none. */
  list(
    ctx: Context,
    query: ListQuery,
  ): Promise<{ endpoints: Endpoint[]; total: number; nextCursor: string | null }>
  /** Throws endpoints.not_found. */
  get(ctx: Context, id: string): Promise<Endpoint>
  /** Throws what `saveProblems` in the contract lists. */
  create(ctx: Context, input: EndpointInput): Promise<Saved>
  update(ctx: Context, id: string, change: EndpointChange): Promise<Saved>
  /** Throws endpoints.not_found, endpoints.system_protected, endpoints.referenced. */
  remove(ctx: Context, id: string, confirm: boolean): Promise<void>
  listVersions(
    ctx: Context,
    id: string,
    page: { limit: number; page: number; cursor?: string | undefined },
  ): Promise<{ versions: EndpointVersion[]; total: number; nextCursor: string | null }>
  restore(ctx: Context, id: string, version: number, confirm: boolean): Promise<Saved>
}

export interface Saved {
  endpoint: Endpoint
  /** What still runs: building indexes, converting values. */
  operationIds: string[]
}

interface ListQuery extends EndpointFilter {
  page: number
  limit: number
  system?: 'true' | 'false' | undefined
  cursor?: string | undefined
}

export interface EndpointsNeeds {
  repo: EndpointsRepo
  collections: CollectionsRepo
  schemas: SchemaChanges
  system: SystemEndpoints
  store: Pick<RecordStore, 'createTable' | 'dropTable' | 'moveRecords'>
  snapshots: Pick<Snapshots, 'refresh'>
  reserved: (path: string) => string | null
  unknownGroups(ctx: Context, ids: readonly string[]): Promise<string[]>
  database: Pick<Database<Tables>, 'transaction' | 'afterCommit'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

export function createEndpoints(needs: EndpointsNeeds): Endpoints {
  const { repo, collections, schemas, system, store, reserved, database, clock, ids } = needs
  const saving = createSaving(needs)
  const change = createChange(needs, saving)
  const { answer, answers, findChangeable } = saving

  return {
    async list(ctx, { page, limit, system: only, cursor, ...filter }) {
      const place = cursor === undefined ? null : readPlace(cursor, page)
      const after = place !== null && 'id' in place ? place : null
      const passed = place !== null && 'systemCount' in place ? place.systemCount : 0
      const offset = (page - 1) * limit
      const { search, groupId } = filter
      const ownTotal = only === 'true' ? 0 : await repo.count(ctx, filter)
      const hasOwn = only !== 'true' && passed === 0
      const own = hasOwn ? await answers(ctx, await repo.list(ctx, filter, limit, offset, after)) : []
      // The product's own follow behind the last page of the user's.
      const others =
        only === 'false' || (groupId !== undefined && groupId !== 'none') ? [] : system.list(search)
      const start = place === null ? Math.max(0, offset - ownTotal) : passed
      const shown = others.slice(start, start + limit - own.length)
      const last = own.at(-1)
      const isEnd = own.length + shown.length < limit
      const end: ListPlace | null =
        shown.length > 0 || last === undefined ? { systemCount: start + shown.length } : last
      return {
        endpoints: [...own, ...shown],
        total: ownTotal + others.length,
        nextCursor: isEnd ? null : writePlace(end),
      }
    },

    async get(ctx, id) {
      const found = system.find(id)
      if (found !== undefined) return found.endpoint
      return answer(ctx, (await repo.find(ctx, id)) ?? refuse('endpoints.not_found'))
    },

    create: (ctx, input) =>
      pathConflicts(() =>
        database.transaction(ctx, async (tx) => {
          const path = checkPath(input.path, input.apiVersion, reserved)
          checkNetwork(input.networkAccess)
          await saving.checkGroups(tx, input)
          const collection = await saving.openCollection(tx, collectionPath(path))
          const outcome = await schemas.apply(tx, {
            collection,
            endpoint: null,
            siblings: await repo.ofCollection(tx, collection.id),
            inputs: input.schema ?? input.fields ?? [],
            knownGroupIds: new Set(),
            confirm: false,
          })
          const endpoint = created(input, {
            id: ids.uuid(),
            path,
            collectionId: collection.id,
            schema: outcome.uses,
            at: clock.now(),
            ctx: tx,
          })
          await repo.insert(tx, endpoint)
          await saving.keepVersion(tx, endpoint, outcome)
          await saving.followSiblings(tx, outcome)
          await saving.conclude(tx, 'endpoint.created', endpoint, {
            name: endpoint.name,
            accessType: endpoint.accessType,
          })
          return { endpoint: await answer(tx, endpoint), operationIds: outcome.operationIds }
        }),
      ),

    update: (ctx, id, input) => pathConflicts(() => database.transaction(ctx, (tx) => change(tx, id, input))),

    remove: (ctx, id, confirm) =>
      database.transaction(ctx, async (tx) => {
        const endpoint = await findChangeable(tx, id)
        const referring = await repo.referringTo(tx, id)
        if (referring.length > 0 && !confirm) throw referenced(referring)
        const collection = await collections.lock(tx, endpoint.collectionId)
        await repo.remove(tx, id)
        const isLast = (await repo.ofCollection(tx, collection.id)).length === 0
        if (isLast) {
          await store.dropTable(tx, withTable(collection))
          await collections.remove(tx, collection.id)
        }
        await saving.conclude(tx, 'endpoint.deleted', endpoint, {
          name: endpoint.name,
          recordsDeleted: isLast,
        })
      }),

    async listVersions(ctx, id, { limit, page, cursor }) {
      const before = cursor === undefined ? null : readVersionPlace(cursor, page)
      if (system.find(id) !== undefined) return { versions: [], total: 0, nextCursor: null }
      const endpoint = (await repo.find(ctx, id)) ?? refuse('endpoints.not_found')
      const rows = await repo.listVersions(ctx, id, limit, (page - 1) * limit, before)
      const versions = rows.map((row) => ({
        ...row,
        schema: row.schema as Field[],
        isCurrent: row.version === endpoint.schemaVersion,
      }))
      const last = versions.length === limit ? versions.at(-1)?.version : undefined
      const nextCursor = last === undefined || last === 1 ? null : String(last)
      return { versions, total: endpoint.schemaVersion, nextCursor }
    },

    restore: (ctx, id, version, confirm) =>
      pathConflicts(() =>
        database.transaction(ctx, async (tx) => {
          await findChangeable(tx, id)
          const row =
            (isVersion(version) ? await repo.findVersion(tx, id, version) : undefined) ??
            refuse('endpoints.version_not_found')
          const schema = row.schema as Field[]
          return change(tx, id, { schema: schema.map(asKnownField), confirm }, { version, schema })
        }),
      ),
  }
}

/** Whether PostgreSQL's integer holds it; anything else is the number of no version. */
function isVersion(version: number): boolean {
  return Number.isInteger(version) && version > 0 && version <= 2_147_483_647
}

function referenced(referring: readonly { method: string; path: string }[]) {
  const list = referring.map(({ method, path }) => `${method} ${path}`)
  return problem('endpoints.referenced', {
    sentence: `These endpoints refer to its records: ${list.join(', ')}. Send it again with confirm=true to go on.`,
    data: { referencedBy: list },
  })
}

async function pathConflicts<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUniqueViolation(error, 'endpoints_path_method'))
      throw problem('endpoints.path_taken', { cause: error })
    throw error
  }
}
