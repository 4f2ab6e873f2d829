import type { ProjectImported } from '@holdfast/contracts/builder/project'
import type { Context } from '../../../context.ts'
import type { EndpointModel, Snapshot } from '../model.ts'
import type { Additions } from '../records/transfer/additions.ts'
import type { Mistake, RecordLine } from './model.ts'

/** The records of a bundle, added in `ctx.tx` in batches, so that memory does not grow with their number. */
export interface RecordImportNeeds {
  additions: Additions
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

export async function importRecords(
  { additions, snapshot }: RecordImportNeeds,
  ctx: Context,
  lines: AsyncIterable<RecordLine>,
): Promise<Counted> {
  const counts = new Map<string, Counted['records'][number]>()
  const mistakes: Mistake[] = []
  let definitions: Snapshot | undefined

  async function write(batch: readonly RecordLine[]): Promise<void> {
    const [first] = batch
    if (first === undefined) return
    const { path, place } = first
    definitions ??= await snapshot(ctx)
    const endpoint = targetOf(definitions, path)
    if (endpoint === null) {
      mistakes.push({ path: place, message: `There is no enabled endpoint with the records of ${path}` })
      return
    }
    const done = await additions.add(ctx, endpoint, batch)
    mistakes.push(...done.mistakes)
    const count = counts.get(path) ?? { path, added: 0, kept: 0 }
    counts.set(path, { path, added: count.added + done.added, kept: count.kept + done.kept })
  }

  let batch: RecordLine[] = []
  let length = 0
  for await (const line of lines) {
    ctx.signal.throwIfAborted()
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
  return { records: [...counts.values()], mistakes }
}

/** The endpoint whose schema new records follow: the one that creates them, when there is one. */
function targetOf(snapshot: Snapshot, path: string): EndpointModel | null {
  const collection = [...snapshot.collections.values()].find((one) => one.path === path)
  const endpoints = collection === undefined ? [] : snapshot.endpointsOf(collection.id)
  return endpoints.find(({ method }) => method === 'POST') ?? endpoints[0] ?? null
}
