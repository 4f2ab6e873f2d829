import { type FieldInput, fieldLimits } from '@holdfast/contracts/builder/fields'
import { type FieldLoss, lossOf } from './schema-losses.ts'
import { type FieldUse, fieldIdsOf, type StoredField } from './stored.ts'

/**
 * How a collection's fields follow from what a request asks for. Pure: the caller reads the registry, counts values, writes.
 *
 * Invariants: a key never changes and is never given to a second field while it has values; names of the fields in use
 * are unique under one parent; a field that goes out of use is retired, not removed.
 */
export interface SchemaRequest {
  readonly collectionId: string
  readonly fields: readonly StoredField[]
  /** What the endpoint uses now; empty for a new one. */
  readonly own: readonly FieldUse[]
  /** What the other endpoints of the collection use. */
  readonly siblings: readonly SiblingSchema[]
  readonly inputs: readonly FieldInput[]
  /** Collections of the endpoints that references may point at. */
  readonly collectionOfEndpoint: ReadonlyMap<string, string>
  /** Fields that are known to hold no value in any record. */
  readonly emptyFieldIds: ReadonlySet<string>
  readonly newId: () => string
}

export interface SiblingSchema {
  readonly endpointId: string
  readonly uses: readonly FieldUse[]
}

export interface SchemaResult {
  readonly uses: readonly FieldUse[]
  /** Siblings that follow a change of type. */
  readonly siblings: readonly SiblingSchema[]
  /** The registry afterwards, new fields included. */
  readonly fields: readonly StoredField[]
  readonly losses: readonly FieldLoss[]
  readonly mistakes: readonly SchemaMistake[]
  readonly conflicts: readonly SchemaMistake[]
}

export interface SchemaMistake {
  /** `schema.2.children.0`. */
  readonly path: string
  readonly message: string
}

type Draft = { -readonly [K in keyof StoredField]: StoredField[K] }

export function resolveSchema(request: SchemaRequest): SchemaResult {
  const drafts = new Map<string, Draft>(request.fields.map((field) => [field.id, { ...field }]))
  const siblingIds = new Set(request.siblings.flatMap(({ uses }) => fieldIdsOf(uses)))
  const usedBefore = new Set([...siblingIds, ...fieldIdsOf(request.own)])
  const replaced = new Map<string, FieldUse>()
  const mistakes: SchemaMistake[] = []
  const conflicts: SchemaMistake[] = []
  let count = 0

  function resolveLevel(inputs: readonly FieldInput[], parentId: string | null, path: string): FieldUse[] {
    const claimed = new Set(
      inputs.flatMap(({ id }) => (id !== undefined && drafts.get(id)?.parentId === parentId ? [id] : [])),
    )
    const names = new Set<string>()
    const ids = new Set<string>()
    const ordered = inputs.map((input, index) => ({
      input,
      at: `${path}.${index}`,
      order: input.order ?? index,
    }))
    return ordered
      .map(({ input, at, order }) => {
        count += 1
        if (names.has(input.name))
          mistakes.push({ path: `${at}.name`, message: `Field "${input.name}" stands twice` })
        names.add(input.name)
        if (input.id !== undefined && ids.has(input.id))
          mistakes.push({ path: `${at}.id`, message: `Field "${input.name}" has the id of another one` })
        if (input.id !== undefined) ids.add(input.id)
        return resolveField(input, parentId, at, order, claimed)
      })
      .sort((a, b) => a.order - b.order)
  }

  function resolveField(
    input: FieldInput,
    parentId: string | null,
    at: string,
    order: number,
    claimed: ReadonlySet<string>,
  ): FieldUse {
    const refCollectionId = targetOf(input, at)
    const existing = findExisting(input, parentId, claimed)
    const draft =
      existing === undefined
        ? create(input, parentId, refCollectionId)
        : hasType(existing, input, refCollectionId)
          ? existing
          : changeType(existing, input, refCollectionId, at)
    draft.name = input.name
    draft.isRetired = false
    draft.isEmpty = false
    if (draft.refCollectionId === null || refCollectionId !== null) draft.refCollectionId = refCollectionId
    share(draft, input)
    const nests = input.type === 'object' || input.type === 'array'
    const use: FieldUse = {
      ...useOf(input, draft.id, order),
      children: nests ? resolveLevel(input.children, draft.id, `${at}.children`) : [],
    }
    if (existing !== undefined && existing.id !== draft.id) replaced.set(existing.id, use)
    return use
  }

  /** By id, which makes a different name a rename; else by name among the fields in use; else one that left its key free. */
  function findExisting(
    input: FieldInput,
    parentId: string | null,
    claimed: ReadonlySet<string>,
  ): Draft | undefined {
    const byId = input.id === undefined ? undefined : drafts.get(input.id)
    if (byId !== undefined && byId.parentId === parentId) return byId
    const candidates = [...drafts.values()].filter(
      (field) => field.parentId === parentId && !claimed.has(field.id),
    )
    return (
      candidates.find((field) => field.name === input.name && !field.isRetired) ??
      candidates.find((field) => field.key === input.name && field.isRetired && field.isEmpty)
    )
  }

  function targetOf(input: FieldInput, at: string): string | null {
    if (input.type !== 'reference') return null
    const target = input.refEndpointId ?? null
    const collectionId = target === null ? undefined : request.collectionOfEndpoint.get(target)
    if (collectionId !== undefined) return collectionId
    const reason = target === null ? 'must specify a target endpoint' : 'references unknown endpoint'
    mistakes.push({ path: `${at}.refEndpointId`, message: `Field "${input.name}" ${reason}` })
    return null
  }

  function create(input: FieldInput, parentId: string | null, refCollectionId: string | null): Draft {
    const siblings = [...drafts.values()].filter((field) => field.parentId === parentId)
    const draft: Draft = {
      id: request.newId(),
      collectionId: request.collectionId,
      parentId,
      key: freeKey(input.name, siblings),
      name: input.name,
      type: input.type,
      refCollectionId,
      isUnique: false,
      isIndexed: false,
      isHidden: false,
      readGroupIds: [],
      writeGroupIds: [],
      isRetired: false,
      isEmpty: false,
    }
    drafts.set(draft.id, draft)
    return draft
  }

  /** Without values the field itself changes; with values a new one takes its name and the old values stay where they are. */
  function changeType(existing: Draft, input: FieldInput, refCollectionId: string | null, at: string): Draft {
    if (siblingIds.has(existing.id) && input.id === undefined) {
      conflicts.push({
        path: `${at}.type`,
        message: `Another endpoint on this path has "${existing.name}" as ${existing.type}. Use that type, or another name`,
      })
    }
    if ((existing.isRetired && existing.isEmpty) || request.emptyFieldIds.has(existing.id)) {
      existing.type = input.type
      existing.refCollectionId = refCollectionId
      return existing
    }
    const { isUnique, isIndexed, isHidden, readGroupIds, writeGroupIds } = existing
    return Object.assign(create(input, existing.parentId, refCollectionId), {
      isUnique,
      isIndexed,
      isHidden,
      readGroupIds,
      writeGroupIds,
    })
  }

  const uses = resolveLevel(request.inputs, null, 'schema')
  if (count > fieldLimits.fieldsMax)
    mistakes.push({ path: 'schema', message: `A schema has at most ${fieldLimits.fieldsMax} fields` })
  const siblings = request.siblings.map(({ endpointId, uses: before }) => ({
    endpointId,
    uses: follow(before, replaced),
  }))
  const usedAfter = new Set([...fieldIdsOf(uses), ...siblings.flatMap((sibling) => fieldIdsOf(sibling.uses))])

  const losses: FieldLoss[] = []
  for (const draft of drafts.values()) {
    // What nobody used before (its endpoint was deleted, say) is not this change's to take away.
    if (usedAfter.has(draft.id) || !usedBefore.has(draft.id)) continue
    const parentIsUsed = draft.parentId === null || usedAfter.has(draft.parentId)
    if (parentIsUsed) losses.push(lossOf(draft, drafts, replaced.get(draft.id)?.fieldId ?? null))
    draft.isRetired = true
    draft.isEmpty = request.emptyFieldIds.has(draft.id)
  }
  conflicts.push(...nameConflicts([...drafts.values()].filter(({ isRetired }) => !isRetired)))
  return { uses, siblings, fields: [...drafts.values()], losses, mistakes, conflicts }
}

function hasType(field: StoredField, input: FieldInput, refCollectionId: string | null): boolean {
  if (field.type !== input.type) return false
  return (
    field.type !== 'reference' || field.refCollectionId === null || field.refCollectionId === refCollectionId
  )
}

/** What all endpoints share is set by whoever says it, and kept by whoever does not. */
function share(draft: Draft, input: FieldInput): void {
  if (input.unique !== undefined) draft.isUnique = input.unique
  if (input.indexed !== undefined) draft.isIndexed = input.indexed
  if (input.hidden !== undefined) draft.isHidden = input.hidden
  if (input.readGroupIds !== undefined) draft.readGroupIds = input.readGroupIds
  if (input.writeGroupIds !== undefined) draft.writeGroupIds = input.writeGroupIds
}

function useOf(input: FieldInput, fieldId: string, order: number): Omit<FieldUse, 'children'> {
  return {
    fieldId,
    required: input.required,
    description: input.description,
    ...(input.defaultValue !== undefined && { defaultValue: input.defaultValue }),
    order,
    refEndpointId: input.type === 'reference' ? (input.refEndpointId ?? null) : null,
    minimum: input.minimum ?? null,
    maximum: input.maximum ?? null,
    minLength: input.minLength ?? null,
    maxLength: input.maxLength ?? null,
    choices: input.choices ?? null,
  }
}

/** `price`, then `price~2`, `price~3`: names hold no tilde, so no name can ever meet such a key. */
function freeKey(name: string, siblings: readonly StoredField[]): string {
  const taken = new Set(siblings.map(({ key }) => key))
  let key = name
  for (let number = 2; taken.has(key); number += 1) key = `${name}~${number}`
  return key
}

/** A sibling that uses a replaced field uses its successor as the changed endpoint does, but keeps whether it is required. */
function follow(uses: readonly FieldUse[], replaced: ReadonlyMap<string, FieldUse>): FieldUse[] {
  return uses.map((use) => {
    const successor = replaced.get(use.fieldId)
    if (successor === undefined) return { ...use, children: follow(use.children, replaced) }
    return { ...successor, required: use.required, description: use.description, order: use.order }
  })
}

function nameConflicts(used: readonly StoredField[]): SchemaMistake[] {
  const seen = new Map<string, StoredField>()
  const conflicts: SchemaMistake[] = []
  for (const field of used) {
    const place = `${field.parentId ?? ''}/${field.name}`
    if (seen.has(place)) {
      conflicts.push({
        path: 'schema',
        message: `Another endpoint on this path already has a field "${field.name}". Use another name`,
      })
    }
    seen.set(place, field)
  }
  return conflicts
}
