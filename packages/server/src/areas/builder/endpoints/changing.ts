import type { EndpointChange } from '@holdfast/contracts/builder/endpoints'
import type { Field } from '@holdfast/contracts/builder/fields'
import type { Context } from '../../../context.ts'
import { endpointFields, fieldAnswers } from './assemble.ts'
import { namedProperties } from './checks.ts'
import { asNewField, changed } from './definitions.ts'
import { moveRecords } from './moves.ts'
import { collectionPath } from './paths.ts'
import type { Saving } from './saving.ts'
import { groupIdsOf, type SchemaOutcome } from './schema-changes.ts'
import type { EndpointsNeeds, Saved } from './service.ts'
import type { StoredEndpoint } from './stored.ts'

/**
 * Changing an endpoint. A new path takes the collection along when no other endpoint uses it and nobody has the new
 * path yet; otherwise the endpoint moves to the collection of that path, and its records with it.
 */
export function createChange(needs: EndpointsNeeds, saving: Saving) {
  const { repo, collections, schemas, store, reserved, clock, ids } = needs
  const { answer, checkGroups, conclude, findChangeable, followSiblings, keepVersion, openCollection } =
    saving

  /** Works in the transaction of `ctx`; `restored` is the version that `input` comes from, and joins the audit entry. */
  return async function change(
    ctx: Context,
    id: string,
    input: EndpointChange,
    restored?: { version: number; schema: readonly Field[] },
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
            knownGroupIds: new Set([...groupIdsOf(fields), ...groupIdsOf(allOf(restored?.schema ?? []))]),
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
    await conclude(ctx, 'endpoint.updated', endpoint, {
      changed: namedProperties(input),
      ...(restored && { version: restored.version }),
    })
    return { endpoint: await answer(ctx, endpoint), operationIds: outcome?.operationIds ?? [] }
  }
}

/** Fields of all levels. */
function allOf(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...allOf(field.children)])
}

function schemaText({ fields }: SchemaOutcome, uses: StoredEndpoint['schema']): string {
  return JSON.stringify(fieldAnswers(endpointFields(uses, new Map(fields.map((field) => [field.id, field])))))
}
