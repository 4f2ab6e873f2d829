import type { Context } from '../../../context.ts'
import type { RecordStore } from '../model.ts'
import type { CollectionsRepo } from './collections/repo.ts'
import { fieldIdsOf, type FieldUse, type StoredCollectionRow, type StoredField, withTable } from './stored.ts'

/**
 * When an endpoint takes another path, its records go with it: the ones written through it, or all of them when it was
 * the last endpoint on the old path.
 */
export interface RecordMove {
  from: StoredCollectionRow
  to: StoredCollectionRow
  endpointId: string
  /** No other endpoint stays behind. */
  isLast: boolean
  /** What the endpoint used in the old collection, and uses in the new one. */
  usesBefore: readonly FieldUse[]
  usesAfter: readonly FieldUse[]
}

interface Needs {
  collections: Pick<CollectionsRepo, 'fieldsOf' | 'saveFields' | 'repoint' | 'remove'>
  store: Pick<RecordStore, 'moveRecords' | 'dropTable'>
  newId: () => string
}

export async function moveRecords(
  ctx: Context,
  move: RecordMove,
  { collections, store, newId }: Needs,
  at: Date,
): Promise<number> {
  const before = await collections.fieldsOf(ctx, [move.from.id])
  const after = await collections.fieldsOf(ctx, [move.to.id])
  const { keys, carried } = planMove(before, after, move, newId)
  await collections.saveFields(ctx, carried, at)
  const moved = await store.moveRecords(ctx, {
    from: withTable(move.from),
    to: withTable(move.to),
    endpointId: move.isLast ? null : move.endpointId,
    keys,
  })
  if (move.isLast) {
    await collections.repoint(ctx, move.from.id, move.to.id)
    await store.dropTable(ctx, withTable(move.from))
    await collections.remove(ctx, move.from.id)
  }
  return moved
}

/**
 * Where each old top-level key goes. A field the endpoint takes along goes to its counterpart of the same name. All
 * others (retired, or used by those who stay) arrive as retired fields under a key that is free there, so that their
 * values neither show up nor get lost.
 */
export function planMove(
  before: readonly StoredField[],
  after: readonly StoredField[],
  move: Pick<RecordMove, 'to' | 'usesAfter'>,
  newId: () => string,
): { keys: Record<string, string>; carried: StoredField[] } {
  const usedAfter = new Set(fieldIdsOf(move.usesAfter))
  const taken = new Set(after.filter(({ parentId }) => parentId === null).map(({ key }) => key))
  const keys: Record<string, string> = {}
  const carried: StoredField[] = []
  for (const field of before.filter(({ parentId }) => parentId === null)) {
    const counterpart = field.isRetired
      ? undefined
      : after.find(
          (other) =>
            other.parentId === null &&
            other.name === field.name &&
            other.type === field.type &&
            usedAfter.has(other.id),
        )
    if (counterpart !== undefined) {
      keys[field.key] = counterpart.key
      continue
    }
    let key = field.key
    for (let number = 2; taken.has(key); number += 1) key = `${field.key}~${number}`
    taken.add(key)
    keys[field.key] = key
    carried.push(...copyTree({ ...field, key }, null, before, move.to.id, newId))
  }
  return { keys, carried }
}

function copyTree(
  field: StoredField,
  parentId: string | null,
  all: readonly StoredField[],
  collectionId: string,
  newId: () => string,
): StoredField[] {
  const id = newId()
  const copy: StoredField = {
    ...field,
    id,
    parentId,
    collectionId,
    isRetired: true,
    isEmpty: false,
    isUnique: false,
    isIndexed: false,
  }
  return [
    copy,
    ...all
      .filter((child) => child.parentId === field.id)
      .flatMap((child) => copyTree(child, id, all, collectionId, newId)),
  ]
}
