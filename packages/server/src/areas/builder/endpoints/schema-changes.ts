import type { FieldInput } from '@holdfast/contracts/builder/fields'
import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Operations } from '../../../work/operations/service.ts'
import type { RecordStore } from '../model.ts'
import { endpointFields } from './assemble.ts'
import { fieldMistakes } from './checks.ts'
import type { CollectionsRepo } from './collections/repo.ts'
import { convertValuesKind, indexFieldKind } from './field-work.ts'
import type { EndpointsRepo } from './repo.ts'
import type { FieldLoss } from './schema-losses.ts'
import { resolveSchema, type SchemaResult } from './schema-rules.ts'
import { type FieldUse, type StoredEndpoint, type StoredField, withTable } from './stored.ts'

/**
 * Changes of schemas: decides by `schema-rules.ts`, asks the records what would be lost, writes the registry, and starts
 * the slow things. Everything in the caller's transaction, with the collection locked.
 */
export interface SchemaChanges {
  /** Throws endpoints.schema_invalid, endpoints.schema_conflict, endpoints.schema_loses_data. */
  apply(ctx: Context, change: SchemaChange): Promise<SchemaOutcome>
}

export interface SchemaChange {
  collection: { id: string; path: string }
  /** The endpoint as it is, or null when it is new to the collection. */
  endpoint: StoredEndpoint | null
  siblings: readonly StoredEndpoint[]
  inputs: readonly FieldInput[]
  /** Groups that rules name already. They may be gone: a rule outlives its groups, so that nothing opens with their end. */
  knownGroupIds: ReadonlySet<string>
  confirm: boolean
}

export interface SchemaOutcome {
  uses: readonly FieldUse[]
  /** The registry of the collection afterwards. */
  fields: readonly StoredField[]
  /** Siblings whose schema followed. */
  siblings: readonly StoredEndpoint[]
  operationIds: string[]
}

interface Needs {
  collections: Pick<CollectionsRepo, 'fieldsOf' | 'saveFields'>
  endpoints: Pick<EndpointsRepo, 'find'>
  store: Pick<RecordStore, 'countValues'>
  operations: Pick<Operations, 'start'>
  /** Ids out of these that no group has. */
  unknownGroups(ctx: Context, ids: readonly string[]): Promise<string[]>
  clock: Clock
  ids: Ids
}

export function createSchemaChanges({
  collections,
  endpoints,
  store,
  operations,
  unknownGroups,
  clock,
  ids,
}: Needs): SchemaChanges {
  async function apply(ctx: Context, change: SchemaChange): Promise<SchemaOutcome> {
    const before = await collections.fieldsOf(ctx, [change.collection.id])
    const request = {
      collectionId: change.collection.id,
      fields: before,
      own: change.endpoint?.schema ?? [],
      siblings: change.siblings.map(({ id, schema }) => ({ endpointId: id, uses: schema })),
      inputs: change.inputs,
      collectionOfEndpoint: await targetsOf(ctx, change.inputs),
      newId: () => ids.uuid(),
    }
    const first = resolveSchema({ ...request, emptyFieldIds: new Set() })
    refuseMistakes(first)
    const counts = await countLosses(ctx, change.collection, first.losses)
    const lost = first.losses.filter((loss) => (counts.get(loss.fieldId) ?? 0) > 0)
    if (lost.length > 0 && !change.confirm) throw losesData(lost, counts)
    const emptyFieldIds = new Set(
      first.losses.filter((loss) => !lost.includes(loss)).map(({ fieldId }) => fieldId),
    )
    const result = emptyFieldIds.size === 0 ? first : resolveSchema({ ...request, emptyFieldIds })
    await refuseBadFields(ctx, result, new Set([...change.knownGroupIds, ...groupIdsOf(before)]))
    const changed = result.fields.filter(
      (field) => !before.some((other) => JSON.stringify(other) === JSON.stringify(field)),
    )
    await collections.saveFields(ctx, changed, clock.now())
    return {
      uses: result.uses,
      fields: result.fields,
      siblings: change.siblings.flatMap((sibling) => {
        const uses = result.siblings.find(({ endpointId }) => endpointId === sibling.id)?.uses
        return uses === undefined || JSON.stringify(uses) === JSON.stringify(sibling.schema)
          ? []
          : [{ ...sibling, schema: uses }]
      }),
      operationIds: [
        ...(await startConversions(ctx, change, result.losses)),
        ...(await startIndexes(ctx, change, before, result)),
      ],
    }
  }

  async function targetsOf(ctx: Context, inputs: readonly FieldInput[]): Promise<Map<string, string>> {
    const targets = new Map<string, string>()
    for (const id of new Set(inputs.flatMap(referencesOf))) {
      const endpoint = await endpoints.find(ctx, id)
      if (endpoint !== undefined) targets.set(id, endpoint.collectionId)
    }
    return targets
  }

  async function countLosses(
    ctx: Context,
    collection: SchemaChange['collection'],
    losses: readonly FieldLoss[],
  ): Promise<Map<string, number>> {
    const counts = new Map<string, number>()
    for (const loss of losses)
      counts.set(loss.fieldId, await store.countValues(ctx, withTable(collection), loss.keyPath))
    return counts
  }

  async function refuseBadFields(
    ctx: Context,
    result: SchemaResult,
    knownGroupIds: ReadonlySet<string>,
  ): Promise<void> {
    const fields = new Map(result.fields.map((field) => [field.id, field]))
    const mistakes = fieldMistakes(endpointFields(result.uses, fields))
    if (mistakes.length > 0) throw invalid(mistakes)
    const added = groupIdsOf(result.fields.filter(({ isRetired }) => !isRetired))
    const unknown = await unknownGroups(
      ctx,
      added.filter((id) => !knownGroupIds.has(id)),
    )
    if (unknown.length > 0)
      throw problem('endpoints.group_unknown', {
        details: unknown.map((id) => ({ path: 'body.schema', message: `There is no group ${id}` })),
      })
  }

  async function startConversions(
    ctx: Context,
    change: SchemaChange,
    losses: readonly FieldLoss[],
  ): Promise<string[]> {
    const started: string[] = []
    for (const { fieldId, replacedBy } of losses) {
      if (replacedBy === null) continue
      const operation = await operations.start(ctx, {
        kind: convertValuesKind,
        input: { collectionId: change.collection.id, fromFieldId: fieldId, toFieldId: replacedBy },
        target: { type: 'collection', id: change.collection.id },
      })
      started.push(operation.id)
    }
    return started
  }

  async function startIndexes(
    ctx: Context,
    change: SchemaChange,
    before: readonly StoredField[],
    result: SchemaResult,
  ): Promise<string[]> {
    const started: string[] = []
    for (const field of result.fields) {
      const previous = before.find(({ id }) => id === field.id)
      if (field.isRetired || !indexDiffers(previous, field)) continue
      const operation = await operations.start(ctx, {
        kind: indexFieldKind,
        input: { collectionId: change.collection.id, fieldId: field.id },
        target: { type: 'collection', id: change.collection.id },
      })
      started.push(operation.id)
    }
    return started
  }

  return { apply }
}

/** Each once. */
export function groupIdsOf(fields: readonly Pick<StoredField, 'readGroupIds' | 'writeGroupIds'>[]): string[] {
  return [
    ...new Set(fields.flatMap(({ readGroupIds, writeGroupIds }) => [...readGroupIds, ...writeGroupIds])),
  ]
}

function indexDiffers(before: StoredField | undefined, after: StoredField): boolean {
  const wanted = after.isUnique || after.isIndexed
  if (before === undefined) return wanted
  return (
    before.isUnique !== after.isUnique ||
    before.isIndexed !== after.isIndexed ||
    (wanted && before.type !== after.type)
  )
}

function referencesOf(input: FieldInput): string[] {
  const own =
    input.type === 'reference' && input.refEndpointId !== null && input.refEndpointId !== undefined
      ? [input.refEndpointId]
      : []
  return [...own, ...input.children.flatMap(referencesOf)]
}

function refuseMistakes(result: SchemaResult): void {
  if (result.mistakes.length > 0) throw invalid(result.mistakes)
  if (result.conflicts.length === 0) return
  throw problem('endpoints.schema_conflict', {
    sentence: `${result.conflicts.map(({ message }) => message).join('. ')}.`,
    details: result.conflicts.map(({ path, message }) => ({ path: `body.${path}`, message })),
  })
}

function invalid(mistakes: readonly { path: string; message: string }[]) {
  return problem('endpoints.schema_invalid', {
    sentence: mistakes.map(({ message }) => message).join(', '),
    details: mistakes.map(({ path, message }) => ({ path: `body.${path}`, message })),
  })
}

function losesData(losses: readonly FieldLoss[], counts: ReadonlyMap<string, number>) {
  const affected = losses.map(({ fieldId, name, replacedBy }) => ({
    field: name,
    records: counts.get(fieldId) ?? 0,
    change: replacedBy === null ? 'removed' : 'retyped',
  }))
  const list = affected
    .map(({ field, records }) => `"${field}" in ${records} ${records === 1 ? 'record' : 'records'}`)
    .join(', ')
  return problem('endpoints.schema_loses_data', {
    sentence: `This takes away values: ${list}. Send it again with "confirm": true to go on; the values are kept and come back when this schema version is restored.`,
    data: { affected },
  })
}
