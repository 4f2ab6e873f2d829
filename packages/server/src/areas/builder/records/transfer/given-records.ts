import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../../context.ts'
import type { Collection, EndpointModel, StoredBody } from '../../model.ts'
import { planOf } from '../plan.ts'
import type { BatchInsert } from '../repo/batch-insert.ts'
import type { GivenRecordsRepo, HeldRecord } from '../repo/given-records.ts'

/**
 * Records that come with an id from elsewhere, in the transaction of the caller. One that is here already, by its id,
 * gets the values that came; what its writer may not see stays, as with PUT. References are taken as they come, because
 * what they point at may follow.
 */
export interface GivenRecords {
  /** With `remember`, `removeOthers` will know of them. */
  put(
    ctx: Context,
    endpoint: EndpointModel,
    records: readonly GivenRecord[],
    options: { remember: boolean },
  ): Promise<PutRecords>
  /** Deletes those of a collection that were not put and remembered in this transaction; answers how many. */
  removeOthers(ctx: Context, collection: Collection): Promise<number>
}

export interface GivenRecord {
  value: Record<string, unknown>
  /** Where it stands in what was sent. */
  place: string
}

export interface PutRecords {
  added: number
  updated: number
  /** Those that were here with the same values. */
  kept: number
  mistakes: { path: string; message: string }[]
}

interface Needs {
  repo: GivenRecordsRepo
  insert: BatchInsert
  ids: Ids
  clock: Clock
}

interface Candidate {
  id: string
  input: Record<string, unknown>
  place: string
}

interface Settled extends Candidate {
  /** JSON text of what is stored. */
  body: string
}

const idsOf = (list: readonly Candidate[]) => list.map(({ id }) => id)
const recordIdPattern = /^[0-9a-fA-F]{24}$/

export function createGivenRecords({ repo, insert, ids, clock }: Needs): GivenRecords {
  /** With ids, each of them once. */
  function candidatesOf(records: readonly GivenRecord[], mistakes: PutRecords['mistakes']): Candidate[] {
    const seen = new Set<string>()
    return records.flatMap(({ value, place }) => {
      const { _id, id: plainId, createdAt, updatedAt, ...input } = value
      void [createdAt, updatedAt]
      const given = readId(_id ?? plainId)
      const id = given === undefined ? ids.objectId() : given
      const message =
        id === null
          ? 'The id of a record has 24 hexadecimal digits'
          : seen.has(id)
            ? 'The record stands twice'
            : null
      if (id === null || message !== null) {
        mistakes.push({ path: place, message: message ?? '' })
        return []
      }
      seen.add(id)
      return [{ id, input, place }]
    })
  }

  /** What is stored for a record, and whether that is what is stored already. Null when it was refused. */
  function settle(
    { validator }: EndpointModel,
    { input, place }: Candidate,
    held: HeldRecord | undefined,
    groupIds: readonly string[],
    mistakes: PutRecords['mistakes'],
  ): { body: string; isSame: boolean } | null {
    const stored = held === undefined ? null : (JSON.parse(held.body) as StoredBody)
    const checked =
      stored === null ? validator.create(input, groupIds) : validator.replace(input, stored, groupIds)
    if (checked.ok)
      return { body: JSON.stringify(checked.body), isSame: isDeepStrictEqual(checked.body, stored) }
    mistakes.push(...checked.refusals.map(({ message }) => ({ path: place, message })))
    return null
  }

  /** What is to be done with each, given those that are here. */
  function sortOut(
    endpoint: EndpointModel,
    candidates: readonly Candidate[],
    held: ReadonlyMap<string, HeldRecord>,
    groupIds: readonly string[],
    mistakes: PutRecords['mistakes'],
  ) {
    const fresh: Settled[] = []
    const changed: Settled[] = []
    let kept = 0
    for (const candidate of candidates) {
      const before = held.get(candidate.id)
      const settled = settle(endpoint, candidate, before, groupIds, mistakes)
      if (settled === null) continue
      const { body, isSame } = settled
      // One whose time is over goes by itself; nothing brings it back.
      if (isSame || before?.isExpired === true) kept += 1
      else (before === undefined ? fresh : changed).push({ ...candidate, body })
    }
    return { fresh, changed, kept }
  }

  return {
    async put(ctx, endpoint, records, { remember }) {
      const { collection } = endpoint
      const groupIds = ctx.actor.kind === 'user' ? ctx.actor.groupIds : []
      const mistakes: PutRecords['mistakes'] = []
      const candidates = candidatesOf(records, mistakes)
      const at = clock.now()
      const look = async (list: readonly Candidate[], lock: boolean) => {
        const held = await repo.findMany(ctx, collection, idsOf(list), { at, lock })
        return sortOut(endpoint, list, held, groupIds, mistakes)
      }
      // Only what changes is locked, and looked at once more: what stays as it is costs no write.
      const first = await look(candidates, false)
      const again = await look(first.changed, true)
      const fresh = [...first.fresh, ...again.fresh]
      const { changed } = again
      const notAdded = await insert(ctx, planOf(endpoint).target, fresh, at)
      for (const [index, message] of notAdded) mistakes.push({ path: fresh[index]?.place ?? '', message })
      const notUpdated = await repo.updateMany(ctx, collection, changed, at)
      for (const [index, message] of notUpdated) mistakes.push({ path: changed[index]?.place ?? '', message })
      if (remember) await repo.remember(ctx, collection, idsOf(candidates))
      return {
        added: fresh.length - notAdded.size,
        updated: changed.length - notUpdated.size,
        kept: first.kept + again.kept,
        mistakes,
      }
    },

    removeOthers: (ctx, collection) => repo.removeOthers(ctx, collection, clock.now()),
  }
}

/** Undefined for none, null for one that cannot be. */
function readId(given: unknown): string | null | undefined {
  if (given === undefined) return undefined
  return typeof given === 'string' && recordIdPattern.test(given) ? given.toLowerCase() : null
}
