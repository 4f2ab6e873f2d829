import type { ProjectImported } from '@holdfast/contracts/builder/project'
import type { Context } from '../../../context.ts'
import type { Collection, EndpointModel, Snapshot } from '../model.ts'
import type { GivenRecords } from '../records/transfer/given-records.ts'
import type { BundleLine, CompleteLine, Mistake, RecordLine } from './model.ts'
import type { ImportMode } from './plan.ts'

/** The records of a bundle, written in `ctx.tx` in batches, so that memory does not grow with their number. */
export interface RecordImportNeeds {
  givenRecords: GivenRecords
  /** Definitions as the transaction has left them. */
  snapshot(ctx: Context): Promise<Snapshot>
}

interface Counted {
  records: ProjectImported['records']
  mistakes: Mistake[]
}

const batchMax = 500
const batchLengthMax = 8 * 1024 * 1024
/** After so many it is clear that something is wrong with all of them. */
const mistakesMax = 100

/**
 * With `replace`, a collection whose records are all in the bundle, because the bundle says so, loses those that are not.
 * That is done at the end: a file that was cut off says it of none.
 */
export async function importRecords(
  { givenRecords, snapshot }: RecordImportNeeds,
  ctx: Context,
  lines: AsyncIterable<BundleLine>,
  mode: ImportMode,
): Promise<Counted> {
  const counts = new Map<string, Counted['records'][number]>()
  const mistakes: Mistake[] = []
  const complete: CompleteLine[] = []
  let definitions: Snapshot | undefined
  const current = async () => (definitions ??= await snapshot(ctx))
  const count = (path: string, more: Partial<Record<'added' | 'updated' | 'kept' | 'deleted', number>>) => {
    const { added, updated, kept, deleted } = {
      added: 0,
      updated: 0,
      kept: 0,
      deleted: 0,
      ...counts.get(path),
    }
    counts.set(path, {
      path,
      added: added + (more.added ?? 0),
      updated: updated + (more.updated ?? 0),
      kept: kept + (more.kept ?? 0),
      deleted: deleted + (more.deleted ?? 0),
    })
  }

  async function write(batch: readonly RecordLine[]): Promise<void> {
    const [first] = batch
    if (first === undefined) return
    const { path, place } = first
    const endpoint = targetOf(await current(), path)
    if (endpoint === null) {
      mistakes.push(withoutEndpoint(path, place))
      return
    }
    const done = await givenRecords.put(ctx, endpoint, batch, { remember: mode === 'replace' })
    mistakes.push(...done.mistakes)
    count(path, done)
  }

  async function removeOthers({ complete: paths, place }: CompleteLine): Promise<void> {
    for (const path of paths) {
      const found = await current()
      const collection = collectionAt(found, path)
      if (collection === null || targetOf(found, path) === null) {
        mistakes.push(withoutEndpoint(path, place))
        continue
      }
      const deleted = await givenRecords.removeOthers(ctx, collection)
      if (deleted > 0) count(path, { deleted })
    }
  }

  let batch: RecordLine[] = []
  let length = 0
  for await (const line of lines) {
    ctx.signal.throwIfAborted()
    if ('complete' in line) {
      complete.push(line)
      continue
    }
    const isFull = batch.length === batchMax || length >= batchLengthMax
    if (isFull || (batch[0] !== undefined && batch[0].path !== line.path)) {
      await write(batch)
      batch = []
      length = 0
    }
    if (mistakes.length >= mistakesMax) return { records: [...counts.values()], mistakes }
    batch.push(line)
    length += line.length
  }
  await write(batch)
  if (mode === 'replace') for (const line of complete) await removeOthers(line)
  return { records: [...counts.values()], mistakes }
}

function withoutEndpoint(path: string, place: string): Mistake {
  return { path: place, message: `There is no enabled endpoint with the records of ${path}` }
}

function collectionAt(snapshot: Snapshot, path: string): Collection | null {
  return [...snapshot.collections.values()].find((one) => one.path === path) ?? null
}

/** The endpoint whose schema new records follow: the one that creates them, when there is one. */
function targetOf(snapshot: Snapshot, path: string): EndpointModel | null {
  const collection = collectionAt(snapshot, path)
  const endpoints = collection === null ? [] : snapshot.endpointsOf(collection.id)
  return endpoints.find(({ method }) => method === 'POST') ?? endpoints[0] ?? null
}
