import { problem } from '@holdfast/contracts/problems'
import {
  type Checked,
  type FieldRefusal,
  missingReference,
  type ReferenceCheck,
  type Snapshot,
  type StoredBody,
} from '../model.ts'
import type { RecordAccess } from './record-access.ts'

/** The body to store. Throws records.invalid, records.field_forbidden with a detail for each bad field. */
export function acceptChecked(checked: Checked): { body: StoredBody; references: readonly ReferenceCheck[] } {
  if (!checked.ok) throw refusalOf(checked.refusals, checked.forbidden)
  return checked
}

/** Characters of one record; more than a body has, since what is absent from a change stays. */
const recordLengthMax = 16 * 1024 * 1024

/** The text that is stored for a body. Throws request.too_large: changes could make a record grow for ever. */
export function storedText(body: StoredBody): string {
  const text = JSON.stringify(body)
  if (text.length > recordLengthMax)
    throw problem('request.too_large', {
      sentence: `The record would be larger than ${recordLengthMax / 1024 / 1024} MB. Move a part of it to another one.`,
    })
  return text
}

export function refusalOf(refusals: readonly FieldRefusal[], forbidden = false) {
  return problem(forbidden ? 'records.field_forbidden' : 'records.invalid', {
    sentence: refusals
      .slice(0, 20)
      .map(({ message }) => message)
      .join(', '),
    details: refusals
      .slice(0, 100)
      .map(({ path, message }) => ({ path: path === '' ? 'body' : `body.${path}`, message })),
  })
}

/** References that point to nothing, found with one query per collection. */
export async function findMissing(
  access: Pick<RecordAccess, 'existing'>,
  snapshot: Snapshot,
  references: readonly ReferenceCheck[],
): Promise<ReferenceCheck[]> {
  if (references.length === 0) return []
  const byCollection = Map.groupBy(references, ({ collectionId }) => collectionId)
  const missing: ReferenceCheck[] = []
  for (const [collectionId, checks] of byCollection) {
    const collection = snapshot.collections.get(collectionId)
    const ids = [...new Set(checks.map(({ recordId }) => recordId))]
    const existing = collection === undefined ? new Set<string>() : await access.existing(collection, ids)
    missing.push(...checks.filter(({ recordId }) => !existing.has(recordId)))
  }
  return missing
}

/** Throws records.invalid when a reference points to nothing. */
export async function checkReferences(
  access: Pick<RecordAccess, 'existing'>,
  snapshot: Snapshot,
  references: readonly ReferenceCheck[],
): Promise<void> {
  const missing = await findMissing(access, snapshot, references)
  if (missing.length > 0) throw refusalOf(missing.map(({ path }) => missingReference(path)))
}
