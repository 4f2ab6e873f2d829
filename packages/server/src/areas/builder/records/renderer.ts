import type { Collection, Snapshot } from '../model.ts'
import { type CallSource, type Viewer, viewerOf } from './admission.ts'
import type { Call } from './call.ts'
import { populate } from './population.ts'
import type { ListQuery } from './query.ts'
import type { RecordAccess } from './record-access.ts'
import { decodeRecord, pickFields, renderRecord } from './rendering.ts'
import type { StoredRecord } from './repo/hot-statements.ts'

/** The texts of records, one for each, with what a query picks and expands, as this viewer sees them. */
export type Renderer = (
  collection: Collection,
  records: readonly StoredRecord[],
  viewer: Viewer,
  query: Pick<ListQuery, 'fields' | 'populate'>,
  call: Pick<Call, 'actor'> & CallSource,
) => Promise<string[]>

interface Needs {
  access: Pick<RecordAccess, 'findMany'>
  snapshot: () => Snapshot
}

export function createRenderer({ access, snapshot }: Needs): Renderer {
  return async (collection, records, viewer, query, call) => {
    const { fields } = query
    if (fields === null && query.populate === null)
      return records.map((record) => renderRecord(collection, record, viewer.groupIds))
    const shown = records.map((record) => {
      const properties = decodeRecord(collection, record, viewer.groupIds)
      const { id, createdAt, updatedAt } = record
      return fields === null
        ? { _id: id, id, ...properties, createdAt, updatedAt }
        : pickFields(properties, record, fields)
    })
    if (query.populate !== null) {
      const needs = { access, snapshot: snapshot(), viewer: await knownViewer(viewer, call), call }
      await populate(needs, collection, shown, query.populate)
    }
    return shown.map((record) => JSON.stringify(record))
  }
}

/** Populating looks at the caller's rights even where the endpoint itself is open to everybody. */
async function knownViewer(viewer: Viewer, call: Pick<Call, 'actor'>): Promise<Viewer> {
  if (viewer.actor.kind === 'user') return viewer
  const actor = await call.actor()
  return actor.kind === 'user' ? viewerOf(actor) : viewer
}
