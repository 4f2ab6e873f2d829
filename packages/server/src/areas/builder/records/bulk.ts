import type { ProblemDetail } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Checked, ReferenceCheck, Snapshot, StoredBody } from '../model.ts'
import type { Viewer } from './admission.ts'
import { parseBody } from './body.ts'
import { type Answer, type Call, json } from './call.ts'
import { deleteRecords, updateRecords } from './repo/cold-statements.ts'
import { insertRecords, type NewRecord, selectByIds } from './repo/hot-statements.ts'
import type { Lane, Lanes } from './repo/lanes.ts'
import type { Plan } from './plan.ts'
import type { RecordAccess } from './record-access.ts'
import { writeRefusal } from './repo/write-refusal.ts'
import { renderRecord } from './rendering.ts'
import { inTransaction } from './repo/transaction.ts'
import { findMissing, storedText } from './validation.ts'

/**
 * Several records in one transaction: POST with an array, PATCH or PUT with `{ "items": [{ "id", … }] }`, DELETE with
 * `{ "ids": [...] }`. All or nothing: one bad item refuses them all, and every bad item is named.
 */
export interface Bulk {
  /** On `lane` when given, which is then inside a transaction of the caller's. */
  create(plan: Plan, viewer: Viewer, items: readonly unknown[], lane: Lane | null): Promise<Answer>
  change(plan: Plan, viewer: Viewer, call: Call): Promise<Answer>
  remove(plan: Plan, viewer: Viewer, call: Call): Promise<Answer>
}

interface Needs {
  access: RecordAccess
  writes: Lanes
  snapshot: () => Snapshot
  ids: Ids
  clock: Clock
  onWrite(collection: { id: string }): void
}

export const itemsMax = 1_000
const attemptsMax = 5
/** Characters of all records that one request changes: they travel as one text. */
const changedLengthMax = 64 * 1024 * 1024
const recordIdPattern = /^[0-9a-fA-F]{24}$/

export function createBulk({ access, writes, snapshot, ids, clock, onWrite }: Needs): Bulk {
  /** Throws records.batch_refused unless every item passed and every reference leads somewhere. */
  async function acceptAll(checks: readonly Checked[], name: string): Promise<StoredBody[]> {
    const details: ProblemDetail[] = []
    const references: ReferenceCheck[] = []
    const bodies: StoredBody[] = []
    checks.forEach((checked, index) => {
      if (checked.ok) {
        bodies.push(checked.body)
        references.push(
          ...checked.references.map((reference) => ({ ...reference, path: `${index}.${reference.path}` })),
        )
      } else {
        details.push(
          ...checked.refusals.map(({ path, message }) => ({
            path: `${name}.${index}${path === '' ? '' : `.${path}`}`,
            message,
          })),
        )
      }
    })
    for (const { path } of await findMissing(access, snapshot(), references)) {
      details.push({
        path: `${name}.${path}`,
        message: `Field "${path.replace(/^\d+\./, '')}" references non-existent record`,
      })
    }
    if (details.length > 0) throw refuseBatch(details)
    return bodies
  }

  async function insertAll(lane: Lane, plan: Plan, records: readonly NewRecord[], at: Date): Promise<void> {
    await lane.run({ text: 'savepoint bulk' }, [])
    try {
      await insertRecords(lane, plan.target, records, at)
      return
    } catch (error) {
      if (writeRefusal(error) === null) throw error
    }
    await lane.run({ text: 'rollback to bulk' }, [])
    const details: ProblemDetail[] = []
    for (const [index, record] of records.entries()) {
      await lane.run({ text: 'savepoint one' }, [])
      try {
        await insertRecords(lane, plan.target, [record], at)
      } catch (error) {
        const refusal = writeRefusal(error)
        if (refusal === null) throw error
        details.push({ path: `body.${index}`, message: refusal.message })
        await lane.run({ text: 'rollback to one' }, [])
      }
    }
    throw refuseBatch(details)
  }

  return {
    async create(plan, viewer, items, lane) {
      const { collection, validator } = plan.endpoint
      checkSize(items, 'body')
      const bodies = await acceptAll(
        items.map((item) => validator.create(item, viewer.groupIds)),
        'body',
      )
      const records = bodies.map((body) => ({ id: ids.objectId(), body: storedText(body) }))
      const at = clock.now()
      if (lane !== null) await insertAll(lane, plan, records, at)
      else {
        await writes.use((own) => inTransaction(own, () => insertAll(own, plan, records, at)))
        onWrite(collection)
      }
      const iso = at.toISOString()
      const texts = records.map((record) =>
        renderRecord(collection, { ...record, version: 1, createdAt: iso, updatedAt: iso }, viewer.groupIds),
      )
      return json(201, `{"success":true,"data":[${texts.join(',')}]}`)
    },

    async change(plan, viewer, call) {
      const { collection, validator } = plan.endpoint
      const items = readItems(parseBody(await call.readText()))
      const now = clock.now().toISOString()
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const wanted = items.map(({ id }) => id)
        const stored = await writes.use((lane) => selectByIds(lane, collection, wanted, now))
        const absent = wanted.flatMap((id, index) =>
          stored.has(id) ? [] : [{ path: `body.items.${index}.id`, message: 'Record not found' }],
        )
        if (absent.length > 0) throw refuseBatch(absent)
        const checks = items.map(({ id, change }) => {
          const before = JSON.parse(stored.get(id)?.body ?? '{}') as StoredBody
          return call.method === 'PUT'
            ? validator.replace(change, before, viewer.groupIds)
            : validator.patch(change, before, viewer.groupIds)
        })
        const bodies = await acceptAll(checks, 'body.items')
        const replacements = items.map(({ id }, index) => ({
          id,
          body: storedText(bodies[index] ?? {}),
          version: stored.get(id)?.version ?? 0,
        }))
        const length = replacements.reduce((sum, { body }) => sum + body.length, 0)
        if (length > changedLengthMax) throw problem('records.too_large_together')
        const updated = await writes
          .use((lane) =>
            inTransaction(lane, async () => {
              const changed = await updateRecords(lane, collection, replacements, now)
              if (changed.size < replacements.length) throw new ChangedMeanwhile()
              return changed
            }),
          )
          .catch((error: unknown) => {
            if (error instanceof ChangedMeanwhile) return null
            throw writeRefusal(error) ?? error
          })
        if (updated === null) continue
        onWrite(collection)
        const texts = wanted
          .flatMap((id) => updated.get(id) ?? [])
          .map((record) => renderRecord(collection, record, viewer.groupIds))
        return json(200, `{"success":true,"data":[${texts.join(',')}]}`)
      }
      throw problem('records.changed_meanwhile')
    },

    async remove({ endpoint: { collection } }, _viewer, call) {
      const wanted = readIds(parseBody((await call.readText()) || 'null'))
      const now = clock.now().toISOString()
      await writes.use((lane) =>
        inTransaction(lane, async () => {
          const removed = await deleteRecords(lane, collection, wanted, now)
          const absent = wanted.flatMap((id, index) =>
            removed.has(id) ? [] : [{ path: `body.ids.${index}`, message: 'Record not found' }],
          )
          if (absent.length > 0) throw refuseBatch(absent)
        }),
      )
      onWrite(collection)
      return json(
        200,
        JSON.stringify({
          success: true,
          message: `${wanted.length} records deleted`,
          data: { deleted: wanted.length },
        }),
      )
    },
  }
}

class ChangedMeanwhile extends Error {}

function refuseBatch(details: readonly ProblemDetail[]) {
  return problem('records.batch_refused', { details: details.slice(0, 100) })
}

function checkSize(items: readonly unknown[], path: string): void {
  if (items.length >= 1 && items.length <= itemsMax) return
  const message = `must hold 1 to ${itemsMax} items`
  throw problem('request.invalid', { sentence: `The list ${message}.`, details: [{ path, message }] })
}

function readItems(body: unknown): { id: string; change: Record<string, unknown> }[] {
  const items = isObject(body) ? body.items : undefined
  if (!Array.isArray(items)) {
    throw problem('request.invalid', {
      sentence: 'Name one record in the path, or send { "items": [{ "id": "…", … }] } to change several.',
      details: [{ path: 'body.items', message: 'must be a list' }],
    })
  }
  checkSize(items, 'body.items')
  const read = items.map((item: unknown, index) => {
    if (!isObject(item)) throw refuseBatch([{ path: `body.items.${index}`, message: 'must be an object' }])
    const { id, _id, ...change } = item
    return { id: readId(id ?? _id, `body.items.${index}.id`), change }
  })
  refuseRepeats(
    read.map(({ id }) => id),
    'body.items',
  )
  return read
}

function readIds(body: unknown): string[] {
  const ids = isObject(body) ? body.ids : undefined
  if (!Array.isArray(ids)) {
    throw problem('request.invalid', {
      sentence: 'Name one record in the path, or send { "ids": ["…"] } to delete several.',
      details: [{ path: 'body.ids', message: 'must be a list' }],
    })
  }
  checkSize(ids, 'body.ids')
  const read = ids.map((id: unknown, index) => readId(id, `body.ids.${index}`))
  refuseRepeats(read, 'body.ids')
  return read
}

function readId(value: unknown, path: string): string {
  if (typeof value === 'string' && recordIdPattern.test(value)) return value.toLowerCase()
  throw refuseBatch([{ path, message: 'must be 24 hexadecimal characters' }])
}

function refuseRepeats(ids: readonly string[], path: string): void {
  const repeated = ids.findIndex((id, index) => ids.indexOf(id) !== index)
  if (repeated >= 0)
    throw refuseBatch([{ path: `${path}.${repeated}`, message: 'names the same record a second time' }])
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
