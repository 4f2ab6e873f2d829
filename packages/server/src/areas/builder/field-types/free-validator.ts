import type { Checked, Codec, CollectionField, StoredBody, Validator } from '../model.ts'
import { maySee, maySet } from '../model.ts'
import { freeMark } from './codec.ts'
import { isPlainObject, type Report, refuse } from './definition.ts'
import { jsonObstacle } from './json-text.ts'

/** For an endpoint without a schema: any object, except that nobody sets what belongs to other groups. */
export function freeValidator(collection: {
  fields: readonly CollectionField[]
  usedKeys: ReadonlySet<string>
  codec: Pick<Codec, 'encode'>
}): Validator {
  const restricted = collection.fields.filter((field) => field.writeGroupIds.length > 0)

  function check(
    input: unknown,
    groupIds: readonly string[],
    before: (encoded: StoredBody) => StoredBody,
  ): Checked {
    if (!isPlainObject(input)) return notAnObject
    const report: Report = { refusals: [], references: [], groupIds, isStored: false, forbidden: false }
    for (const name of Object.keys(input)) {
      if (name.startsWith(freeMark)) refuse(report, name, `must not begin with ${freeMark}`)
    }
    for (const field of restricted) {
      if (!Object.hasOwn(input, field.name) || maySet(field, groupIds)) continue
      report.forbidden = true
      refuse(report, field.name, 'may only be set by members of its groups')
    }
    const obstacle = jsonObstacle(input)
    if (obstacle !== null) report.refusals.push({ path: '', message: `The body ${obstacle}` })
    if (report.refusals.length > 0)
      return { ok: false, refusals: report.refusals, forbidden: report.forbidden }
    return { ok: true, body: before(collection.codec.encode(input)), references: [] }
  }

  /** What the writer cannot reach by writing: retired fields, and fields of other groups. */
  function outOfReach(stored: StoredBody, groupIds: readonly string[]): StoredBody {
    const within = new Set(
      collection.fields
        .filter((field) => maySee(field, groupIds) && maySet(field, groupIds))
        .map(({ key }) => key),
    )
    return Object.fromEntries(
      Object.entries(stored).filter(([key]) => collection.usedKeys.has(key) && !within.has(key)),
    )
  }

  return {
    create: (input, groupIds) => check(input, groupIds, (encoded) => encoded),
    replace: (input, stored, groupIds) =>
      check(input, groupIds, (encoded) => ({ ...outOfReach(stored, groupIds), ...encoded })),
    patch: (input, stored, groupIds) => check(input, groupIds, (encoded) => ({ ...stored, ...encoded })),
  }
}

export const notAnObject: Checked = {
  ok: false,
  refusals: [{ path: '', message: 'The body must be a JSON object' }],
  forbidden: false,
}
