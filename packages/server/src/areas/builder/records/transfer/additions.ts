import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../../context.ts'
import type { EndpointModel } from '../../model.ts'
import { planOf } from '../plan.ts'
import type { BatchInsert, NewRecord } from '../repo/batch-insert.ts'
import type { RecordStorage } from '../repo/storage.ts'

/**
 * Records that come with an id from elsewhere, added in the transaction of the caller. One that is here already, by its
 * id, stays as it is. References are taken as they come, because what they point at may follow.
 */
export interface Additions {
  add(ctx: Context, endpoint: EndpointModel, records: readonly GivenRecord[]): Promise<Added>
}

export interface GivenRecord {
  value: Record<string, unknown>
  /** Where it stands in what was sent. */
  place: string
}

export interface Added {
  added: number
  kept: number
  mistakes: { path: string; message: string }[]
}

const recordIdPattern = /^[0-9a-fA-F]{24}$/

export function createAdditions({
  insert,
  storage,
  ids,
  clock,
}: {
  insert: BatchInsert
  storage: Pick<RecordStorage, 'existing'>
  ids: Ids
  clock: Clock
}): Additions {
  return {
    async add(ctx, endpoint, records) {
      const groupIds = ctx.actor.kind === 'user' ? ctx.actor.groupIds : []
      const mistakes: Added['mistakes'] = []
      const candidates = records.flatMap(({ value, place }): (NewRecord & { place: string })[] => {
        const { _id, id, createdAt, updatedAt, ...input } = value
        void [createdAt, updatedAt]
        const checked = endpoint.validator.create(input, groupIds)
        if (!checked.ok) mistakes.push(...checked.refusals.map(({ message }) => ({ path: place, message })))
        const given = readId(_id ?? id)
        if (given === null)
          mistakes.push({ path: place, message: 'The id of a record has 24 hexadecimal digits' })
        if (!checked.ok || given === null) return []
        return [{ id: given ?? ids.objectId(), body: JSON.stringify(checked.body), place }]
      })
      const known = await storage.existing(
        ctx,
        endpoint.collection,
        candidates.map(({ id }) => id),
      )
      const fresh = candidates.filter(({ id }) => !known.has(id))
      const refused = await insert(ctx, planOf(endpoint).target, fresh, clock.now())
      for (const [index, message] of refused) mistakes.push({ path: fresh[index]?.place ?? '', message })
      return { added: fresh.length - refused.size, kept: candidates.length - fresh.length, mistakes }
    },
  }
}

/** Undefined for none, null for one that cannot be. */
function readId(given: unknown): string | null | undefined {
  if (given === undefined) return undefined
  return typeof given === 'string' && recordIdPattern.test(given) ? given.toLowerCase() : null
}
