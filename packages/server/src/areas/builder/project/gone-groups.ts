import type { Field } from '@holdfast/contracts/builder/fields'
import type { Held } from './model.ts'

/**
 * The groups, and those that are gone but still stand in the rules of fields, under their ids. A bundle that left them out
 * would turn "only that group" into "everybody"; with them it changes nothing here, and is refused where they never were.
 */
export function withGoneGroups(
  groups: Held['groups'],
  endpoints: readonly { schema: readonly Field[] }[],
): Held['groups'] {
  const known = new Set(groups.map(({ id }) => id))
  const named = new Set(endpoints.flatMap(({ schema }) => groupsIn(schema)))
  return [...groups, ...[...named].filter((id) => !known.has(id)).map((id) => ({ id, name: id }))]
}

function groupsIn(fields: readonly Field[]): string[] {
  return fields.flatMap(({ readGroupIds, writeGroupIds, children }) => [
    ...readGroupIds,
    ...writeGroupIds,
    ...groupsIn(children),
  ])
}
