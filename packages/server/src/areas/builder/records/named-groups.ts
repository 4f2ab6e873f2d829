import type { Collection, CollectionField } from '../model.ts'

const known = new WeakMap<Collection, readonly string[]>()

/** Every group that some field of the collection is kept for: whoever holds them all sees and sets every field. */
export function groupsNamedBy(collection: Collection): readonly string[] {
  let groups = known.get(collection)
  if (groups === undefined) {
    groups = [...new Set(collection.fields.flatMap(groupsOf))]
    known.set(collection, groups)
  }
  return groups
}

function groupsOf(field: CollectionField): readonly string[] {
  return [...field.readGroupIds, ...field.writeGroupIds, ...field.children.flatMap(groupsOf)]
}
