import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import type { EventType } from '@holdfast/contracts/events'
import { problem, type ProblemCode } from '@holdfast/contracts/problems'
import type { Context } from '../../../context.ts'
import { endpointAnswer, endpointFields, fieldAnswers } from './assemble.ts'
import type { SchemaOutcome } from './schema-changes.ts'
import type { EndpointsNeeds } from './service.ts'
import { type StoredCollectionRow, type StoredEndpoint, withTable } from './stored.ts'

export type Saving = ReturnType<typeof createSaving>

/** The steps that creating, changing and deleting an endpoint share; each works in the transaction of its `ctx`. */
export function createSaving(needs: EndpointsNeeds) {
  const { repo, collections, system, store, snapshots, unknownGroups, database, audit, events, clock, ids } =
    needs

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
    return shown ?? refuse('endpoints.not_found')
  }

  async function findChangeable(ctx: Context, id: string): Promise<StoredEndpoint> {
    if (system.find(id) !== undefined) throw problem('endpoints.system_protected')
    return (await repo.findForUpdate(ctx, id)) ?? refuse('endpoints.not_found')
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
    type: EventType,
    endpoint: StoredEndpoint,
    details: Record<string, unknown>,
  ): Promise<void> {
    const { id, path, method } = endpoint
    await events.append(ctx, { type, data: { id, path, method, collectionId: endpoint.collectionId } })
    await database.afterCommit(ctx, () => snapshots.refresh())
    await audit.append(ctx, { target: { type: 'endpoint', id }, details: { path, method, ...details } })
  }

  return {
    answers,
    answer,
    findChangeable,
    checkGroups,
    openCollection,
    keepVersion,
    followSiblings,
    conclude,
  }
}

export function refuse(code: ProblemCode): never {
  throw problem(code)
}
