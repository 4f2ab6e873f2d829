import { problem } from '@holdfast/contracts/problems'
import { type Collection, type CollectionField, maySee, type Snapshot } from '../model.ts'
import { mayReadStored, type CallSource, type Viewer } from './admission.ts'
import type { RecordAccess } from './record-access.ts'
import { decodeRecord } from './rendering.ts'

/**
 * Puts referenced records in the place of their ids: `populate=true`, `categoryId`, `categoryId.parentId`. One query per
 * target collection and level. An id stays an id when the record is gone, or when no endpoint would show the reader the
 * record it points to as it is stored, from where they ask.
 */
export interface PopulationNeeds {
  access: Pick<RecordAccess, 'findMany'>
  snapshot: Snapshot
  viewer: Viewer
  /** The request that asks, for the network rules of what is expanded. */
  call: CallSource
}

const depthMax = 3
/** References of one answer and level at most; the ids beyond stay ids. */
const expandedMax = 5_000

/** Characters of the records that one answer expands, a record counted at every place where it stands. */
const expandedLengthMax = 64 * 1024 * 1024

type Properties = Record<string, unknown>
interface Slot {
  holder: Properties
  name: string
  id: string
}
/** What is to be expanded in a collection: reference fields by the names that lead to them, and what to expand in them. */
type Wanted = Map<string, { field: CollectionField; paths: string[] }>

export async function populate(
  needs: PopulationNeeds,
  collection: Collection,
  records: readonly Properties[],
  populated: true | readonly string[],
): Promise<void> {
  const wanted =
    populated === true ? everyReference(collection, needs.viewer) : named(collection, populated, needs.viewer)
  await expand(needs, records, wanted, 1, { length: 0 })
}

async function expand(
  needs: PopulationNeeds,
  records: readonly Properties[],
  wanted: Wanted,
  depth: number,
  expandedBefore: { length: number },
): Promise<void> {
  const { snapshot, viewer, call } = needs
  for (const [path, { field, paths }] of wanted) {
    const target =
      field.refCollectionId === null ? undefined : snapshot.collections.get(field.refCollectionId)
    if (target === undefined) continue
    if (paths.length > 0 && depth === depthMax)
      throw refusePath(`${path}.${paths[0]}`, `must not reach deeper than ${depthMax} levels`)
    const deeper = paths.length > 0 ? named(target, paths, viewer) : new Map()
    const mayRead = snapshot.endpointsOf(target.id).some((endpoint) => mayReadStored(endpoint, viewer, call))
    if (!mayRead) continue
    const slots: Slot[] = []
    for (const record of records) findSlots(record, path.split('.'), slots)
    const found = await needs.access.findMany(
      target,
      [...new Set(slots.map(({ id }) => id))].slice(0, expandedMax),
    )
    const expanded: Properties[] = []
    for (const { holder, name, id } of slots) {
      const record = found.get(id)
      if (record === undefined) continue
      expandedBefore.length += record.body.length
      if (expandedBefore.length > expandedLengthMax) throw problem('records.too_large_together')
      const { createdAt, updatedAt } = record
      // A copy for each place: what is expanded in one must not show in another.
      const shown = { _id: id, id, ...decodeRecord(target, record, viewer.groupIds), createdAt, updatedAt }
      holder[name] = shown
      expanded.push(shown)
    }
    if (deeper.size > 0 && expanded.length > 0)
      await expand(needs, expanded, deeper, depth + 1, expandedBefore)
  }
}

function everyReference(collection: Collection, viewer: Viewer): Wanted {
  const wanted: Wanted = new Map()
  const visit = (fields: readonly CollectionField[], names: string[]) => {
    for (const field of fields) {
      if (!maySee(field, viewer.groupIds)) continue
      const path = [...names, field.name]
      if (field.type === 'reference') wanted.set(path.join('.'), { field, paths: [] })
      visit(field.children, path)
    }
  }
  visit(collection.fields, [])
  return wanted
}

/** Walks each path through objects and arrays to its reference; what follows belongs to the target. */
function named(collection: Collection, paths: readonly string[], viewer: Viewer): Wanted {
  const wanted: Wanted = new Map()
  for (const path of paths) {
    const steps = path.split('.')
    let fields: readonly CollectionField[] = collection.fields
    for (const [index, step] of steps.entries()) {
      const field = fields.find(({ name }) => name === step)
      if (field === undefined || !maySee(field, viewer.groupIds))
        throw refusePath(path, 'names a field that does not exist')
      if (field.type === 'reference') {
        const name = steps.slice(0, index + 1).join('.')
        const entry = wanted.get(name) ?? { field, paths: [] }
        if (index + 1 < steps.length) entry.paths.push(steps.slice(index + 1).join('.'))
        wanted.set(name, entry)
        break
      }
      if (index + 1 === steps.length) throw refusePath(path, 'names a field that is not a reference')
      fields = field.children
    }
  }
  return wanted
}

function refusePath(path: string, message: string) {
  return problem('records.query_invalid', {
    sentence: `The parameter populate is not valid: "${path.slice(0, 100)}" ${message}.`,
    details: [{ path: 'query.populate', message: `"${path.slice(0, 100)}" ${message}` }],
  })
}

function findSlots(value: unknown, steps: readonly string[], slots: Slot[]): void {
  if (Array.isArray(value)) {
    for (const entry of value) findSlots(entry, steps, slots)
    return
  }
  const [step, ...rest] = steps
  if (typeof value !== 'object' || value === null || step === undefined || !Object.hasOwn(value, step)) return
  const holder = value as Properties
  if (rest.length > 0) findSlots(holder[step], rest, slots)
  else if (typeof holder[step] === 'string') slots.push({ holder, name: step, id: holder[step] })
}
