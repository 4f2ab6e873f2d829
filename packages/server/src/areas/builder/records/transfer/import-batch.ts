import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { EndpointModel, ReferenceCheck, Snapshots } from '../../model.ts'
import { planOf } from '../plan.ts'
import type { RecordAccess } from '../record-access.ts'
import type { BatchInsert, NewRecord } from '../repo/batch-insert.ts'
import type { ImportsRepo, Refusal, StoredImport } from '../repo/imports.ts'
import { findMissing } from '../validation.ts'
import type { ReadRow } from './read-rows.ts'

/** One batch of an import: rows become records or refusals, and both are written together. */
export interface ImportWriterNeeds {
  repo: ImportsRepo
  database: Pick<Database<Tables>, 'transaction'>
  insert: BatchInsert
  access: Pick<RecordAccess, 'existing'>
  snapshots: Pick<Snapshots, 'current'>
  ids: Ids
  clock: Clock
  onWrite(collection: { id: string }): void
}

interface Candidate extends NewRecord {
  row: ReadRow
  references: readonly ReferenceCheck[]
}

const refusalTextMax = 2_000
const recordIdPattern = /^[0-9a-fA-F]{24}$/

class Overtaken extends Error {}

/** False when another run of the import has come further than `linesBefore`: then nothing of the batch is kept. */
export async function importBatch(
  needs: ImportWriterNeeds,
  ctx: Context,
  batch: {
    upload: StoredImport
    endpoint: EndpointModel
    rows: readonly ReadRow[]
    linesBefore: number
    linesDone: number
  },
): Promise<boolean> {
  const { repo, database, insert, clock, onWrite } = needs
  const { upload, endpoint, rows, linesBefore, linesDone } = batch
  const refusals: Refusal[] = []
  const refuse = (row: ReadRow, message: string) => {
    refusals.push({ line: row.line, message, text: row.text.slice(0, refusalTextMax) })
  }
  const candidates = await checkReferences(
    needs,
    validate(needs, endpoint, upload.groupIds, rows, refuse),
    refuse,
  )
  const write = async (tx: Context) => {
    const refused = await insert(tx, planOf(endpoint).target, candidates, clock.now())
    for (const [index, message] of refused) {
      const row = candidates[index]?.row
      if (row) refuse(row, message)
    }
    const sorted = refusals.toSorted((a, b) => a.line - b.line)
    const accepted = candidates.length - refused.size
    const isNext = await repo.advance(tx, upload.id, { linesBefore, linesDone, accepted, refusals: sorted })
    if (!isNext) throw new Overtaken()
  }
  try {
    await database.transaction(ctx, write)
  } catch (error) {
    if (error instanceof Overtaken) return false
    throw error
  }
  onWrite(endpoint.collection)
  return true
}

function validate(
  { ids }: ImportWriterNeeds,
  endpoint: EndpointModel,
  groupIds: readonly string[],
  rows: readonly ReadRow[],
  refuse: (row: ReadRow, message: string) => void,
): Candidate[] {
  return rows.flatMap((row) => {
    if (row.refusal !== null) {
      refuse(row, row.refusal)
      return []
    }
    const { id, input } = splitFacts(row.value)
    const checked = endpoint.validator.create(input, groupIds)
    if (checked.ok)
      return [
        { row, id: id ?? ids.objectId(), body: JSON.stringify(checked.body), references: checked.references },
      ]
    refuse(row, checked.refusals.map(({ message }) => message).join(', '))
    return []
  })
}

/** What an export writes beside the fields: the id is kept, so that references between exported records still lead somewhere. */
function splitFacts(value: unknown): { id: string | null; input: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { id: null, input: value }
  const { _id, id, createdAt, updatedAt, ...input } = value as Record<string, unknown>
  void createdAt
  void updatedAt
  const given = _id ?? id
  return { id: typeof given === 'string' && recordIdPattern.test(given) ? given.toLowerCase() : null, input }
}

async function checkReferences(
  { access, snapshots }: ImportWriterNeeds,
  candidates: readonly Candidate[],
  refuse: (row: ReadRow, message: string) => void,
): Promise<Candidate[]> {
  const references = candidates.flatMap((candidate, index) =>
    candidate.references.map((reference) => ({ ...reference, path: `${index} ${reference.path}` })),
  )
  const missing = await findMissing(access, snapshots.current(), references)
  const pathsByIndex = Map.groupBy(missing, ({ path }) => Number(path.split(' ', 1)[0]))
  return candidates.filter((candidate, index) => {
    const paths = pathsByIndex.get(index)
    if (paths === undefined) return true
    refuse(
      candidate.row,
      paths
        .map(({ path }) => `Field "${path.slice(path.indexOf(' ') + 1)}" references non-existent record`)
        .join(', '),
    )
    return false
  })
}
