import type {
  Endpoint,
  EndpointChange,
  EndpointInput,
  EndpointVersion,
} from '@holdfast/contracts/builder/endpoints'
import type { Field, FieldInput } from '@holdfast/contracts/builder/fields'
import { problem, type ProblemCode } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import { isUniqueViolation } from '@holdfast/database/errors'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { RecordStore, Snapshots } from '../model.ts'
import { endpointAnswer, endpointFields, fieldAnswers } from './assemble.ts'
import { checkNetwork, checkPath, namedProperties, slugOf } from './checks.ts'
import type { CollectionsRepo } from './collections/repo.ts'
import { moveRecords } from './moves.ts'
import { collectionPath } from './paths.ts'
import type { EndpointFilter, EndpointsRepo } from './repo.ts'
import type { SchemaChanges, SchemaOutcome } from './schema-changes.ts'
import { type StoredCollectionRow, type StoredEndpoint, withTable } from './stored.ts'
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
  list(ctx: Context, query: ListQuery): Promise<{ endpoints: Endpoint[]; total: number }>
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
    page: { limit: number; page: number },
  ): Promise<{ versions: EndpointVersion[]; total: number }>
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
  const {
    repo,
    collections,
    schemas,
    system,
    store,
    snapshots,
    reserved,
    unknownGroups,
    database,
    audit,
    events,
    clock,
    ids,
  } = needs

  async function answers(ctx: Context, endpoints: readonly StoredEndpoint[]): Promise<Endpoint[]> {
    const fields = await collections.fieldsOf(ctx, [
      ...new Set(endpoints.map(({ collectionId }) => collectionId)),
    ])
    const byId = new Map(fields.map((field) => [field.id, field]))
    const counts = await repo.callCounts(
      ctx,
      endpoints.map(({ id }) => id),
    )
    return endpoints.map((endpoint) => endpointAnswer(endpoint, byId, counts.get(endpoint.id) ?? 0))
  }

  async function answer(ctx: Context, endpoint: StoredEndpoint): Promise<Endpoint> {
    const [shown] = await answers(ctx, [endpoint])
    return shown ?? raise('endpoints.not_found')
  }

  async function findChangeable(ctx: Context, id: string): Promise<StoredEndpoint> {
    if (system.find(id) !== undefined) throw problem('endpoints.system_protected')
    return (await repo.findForUpdate(ctx, id)) ?? raise('endpoints.not_found')
  }

  async function checkGroups(
    ctx: Context,
    definition: { groupId: string | null; allowedGroupIds: readonly string[] },
  ): Promise<void> {
    if (definition.groupId !== null && !(await repo.endpointGroupExists(ctx, definition.groupId)))
      throw problem('endpoint_groups.not_found')
    const unknown = await unknownGroups(ctx, definition.allowedGroupIds)
    if (unknown.length === 0) return
    throw problem('endpoints.group_unknown', {
      details: unknown.map((id) => ({ path: 'body.allowedGroupIds', message: `There is no group ${id}` })),
    })
  }

  async function openCollection(ctx: Context, path: string): Promise<StoredCollectionRow> {
    const { collection, isNew } = await collections.ensure(ctx, { id: ids.uuid(), path, at: clock.now() })
    if (isNew) await store.createTable(ctx, withTable(collection))
    return collection
  }

  /** Keeps the schema as a version of the endpoint. */
  async function keepVersion(
    ctx: Context,
    endpoint: StoredEndpoint,
    { fields }: Pick<SchemaOutcome, 'fields'>,
  ): Promise<void> {
    const { actor } = ctx
    await repo.insertVersion(ctx, endpoint.id, {
      version: endpoint.schemaVersion,
      schema: fieldAnswers(
        endpointFields(endpoint.schema, new Map(fields.map((field) => [field.id, field]))),
      ),
      createdBy: actor.kind === 'user' ? actor.userId : null,
      createdByName: actor.kind === 'user' ? actor.login : actor.kind === 'system' ? actor.name : '',
      createdAt: clock.now().toISOString(),
    })
  }

  /** Siblings whose fields changed their type with this change have a new schema as well. */
  async function followSiblings(ctx: Context, outcome: SchemaOutcome): Promise<void> {
    for (const sibling of outcome.siblings) {
      const next = {
        ...sibling,
        schemaVersion: sibling.schemaVersion + 1,
        updatedAt: clock.now().toISOString(),
      }
      await repo.update(ctx, next)
      await keepVersion(ctx, next, outcome)
    }
  }

  async function conclude(
    ctx: Context,
    type: string,
    endpoint: StoredEndpoint,
    details: Record<string, unknown>,
  ): Promise<void> {
    const { id, path, method } = endpoint
    await events.append(ctx, { type, data: { id, path, method, collectionId: endpoint.collectionId } })
    await database.afterCommit(ctx, () => snapshots.refresh())
    await audit.append(ctx, { target: { type: 'endpoint', id }, details: { path, method, ...details } })
  }

  async function change(
    ctx: Context,
    id: string,
    input: EndpointChange,
    note: Record<string, unknown> = {},
  ): Promise<Saved> {
    const before = await findChangeable(ctx, id)
    const next = changed(before, input, clock.now(), reserved)
    await checkGroups(ctx, { groupId: input.groupId ?? null, allowedGroupIds: input.allowedGroupIds ?? [] })
    const inputs = input.schema ?? input.fields
    const from = await collections.lock(ctx, before.collectionId)
    const path = collectionPath(next.path)
    const others = (await repo.ofCollection(ctx, from.id)).filter((other) => other.id !== id)
    const stays = path === from.path || (others.length === 0 && !(await collections.pathIsTaken(ctx, path)))
    if (stays && path !== from.path) await collections.rename(ctx, from.id, path)
    const to = stays ? { id: from.id, path } : await openCollection(ctx, path)

    const fields = await collections.fieldsOf(ctx, [from.id])
    const current = fieldAnswers(
      endpointFields(before.schema, new Map(fields.map((field) => [field.id, field]))),
    )
    const outcome =
      inputs === undefined && stays
        ? null
        : await schemas.apply(ctx, {
            collection: to,
            endpoint: stays ? before : null,
            siblings: stays ? others : await repo.ofCollection(ctx, to.id),
            inputs: inputs ?? current.map(asNewField),
            confirm: input.confirm,
          })
    const schema = outcome?.uses ?? before.schema
    const isNewSchema =
      outcome !== null && (!stays || schemaText(outcome, schema) !== JSON.stringify(current))
    const endpoint = {
      ...next,
      collectionId: to.id,
      schema,
      schemaVersion: before.schemaVersion + (isNewSchema ? 1 : 0),
    }
    await repo.update(ctx, endpoint)
    if (outcome !== null) await followSiblings(ctx, outcome)
    if (outcome !== null && isNewSchema) await keepVersion(ctx, endpoint, outcome)
    if (!stays) {
      const move = {
        from,
        to,
        endpointId: id,
        isLast: others.length === 0,
        usesBefore: before.schema,
        usesAfter: schema,
      }
      await moveRecords(ctx, move, { collections, store, newId: () => ids.uuid() }, clock.now())
    }
    await conclude(ctx, 'endpoint.updated', endpoint, { changed: namedProperties(input), ...note })
    return { endpoint: await answer(ctx, endpoint), operationIds: outcome?.operationIds ?? [] }
  }

  return {
    async list(ctx, { page, limit, search, groupId, system: only }) {
      const offset = (page - 1) * limit
      const filter = { search, groupId }
      const ownTotal = only === 'true' ? 0 : await repo.count(ctx, filter)
      const own = offset < ownTotal ? await answers(ctx, await repo.list(ctx, filter, limit, offset)) : []
      // The product's own follow behind the last page of the user's.
      const others =
        only === 'false' || (groupId !== undefined && groupId !== 'none') ? [] : system.list(search)
      const start = Math.max(0, offset - ownTotal)
      return {
        endpoints: [...own, ...others.slice(start, start + limit - own.length)],
        total: ownTotal + others.length,
      }
    },

    async get(ctx, id) {
      const found = system.find(id)
      if (found !== undefined) return found.endpoint
      return answer(ctx, (await repo.find(ctx, id)) ?? raise('endpoints.not_found'))
    },

    create: (ctx, input) =>
      pathConflicts(() =>
        database.transaction(ctx, async (tx) => {
          const path = checkPath(input.path, input.apiVersion, reserved)
          checkNetwork(input.networkAccess)
          await checkGroups(tx, input)
          const collection = await openCollection(tx, collectionPath(path))
          const outcome = await schemas.apply(tx, {
            collection,
            endpoint: null,
            siblings: await repo.ofCollection(tx, collection.id),
            inputs: input.schema ?? input.fields ?? [],
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
          await keepVersion(tx, endpoint, outcome)
          await followSiblings(tx, outcome)
          await conclude(tx, 'endpoint.created', endpoint, {
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
        await conclude(tx, 'endpoint.deleted', endpoint, { name: endpoint.name, recordsDeleted: isLast })
      }),

    async listVersions(ctx, id, { limit, page }) {
      if (system.find(id) !== undefined) return { versions: [], total: 0 }
      const endpoint = (await repo.find(ctx, id)) ?? raise('endpoints.not_found')
      const rows = await repo.listVersions(ctx, id, limit, (page - 1) * limit)
      const versions = rows.map((row) => ({
        ...row,
        schema: row.schema as Field[],
        isCurrent: row.version === endpoint.schemaVersion,
      }))
      return { versions, total: endpoint.schemaVersion }
    },

    restore: (ctx, id, version, confirm) =>
      pathConflicts(() =>
        database.transaction(ctx, async (tx) => {
          await findChangeable(tx, id)
          const row =
            (isVersion(version) ? await repo.findVersion(tx, id, version) : undefined) ??
            raise('endpoints.version_not_found')
          return change(tx, id, { schema: (row.schema as Field[]).map(asKnownField), confirm }, { version })
        }),
      ),
  }
}

function created(
  input: EndpointInput,
  made: {
    id: string
    path: string
    collectionId: string
    schema: StoredEndpoint['schema']
    at: Date
    ctx: Context
  },
): StoredEndpoint {
  const { fields, schema, ...definition } = input
  void [fields, schema]
  const at = made.at.toISOString()
  return {
    ...definition,
    id: made.id,
    path: made.path,
    collectionId: made.collectionId,
    slug: slugOf(input.slug ?? '') || slugOf(input.name),
    schema: made.schema,
    schemaVersion: 1,
    createdBy: made.ctx.actor.kind === 'user' ? made.ctx.actor.userId : null,
    createdAt: at,
    updatedAt: at,
  }
}

/** Throws for a path or network rules that are not valid. */
function changed(
  before: StoredEndpoint,
  input: EndpointChange,
  at: Date,
  reserved: EndpointsNeeds['reserved'],
): StoredEndpoint {
  const { schema, fields, confirm, ...definition } = input
  void [schema, fields, confirm]
  const given = Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined))
  const next: StoredEndpoint = { ...before, ...given, updatedAt: at.toISOString() }
  if (input.networkAccess !== undefined) checkNetwork(input.networkAccess)
  const moves = input.path !== undefined || input.apiVersion !== undefined
  const slug = input.slug === undefined ? before.slug : slugOf(input.slug) || slugOf(next.name)
  return { ...next, slug, path: moves ? checkPath(next.path, next.apiVersion, reserved) : before.path }
}

function schemaText({ fields }: SchemaOutcome, uses: StoredEndpoint['schema']): string {
  return JSON.stringify(fieldAnswers(endpointFields(uses, new Map(fields.map((field) => [field.id, field])))))
}

/** A shown field as a request, with its identity. */
function asKnownField(field: Field): FieldInput {
  return { ...field, children: field.children.map(asKnownField) }
}

/** A shown field as a request that means a field of another collection. */
function asNewField(field: Field): FieldInput {
  const { id, ...rest } = field
  void id
  return { ...rest, children: field.children.map(asNewField) }
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

function raise(code: ProblemCode): never {
  throw problem(code)
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
