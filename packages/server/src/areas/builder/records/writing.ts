import { problem } from '@holdfast/contracts/problems'
import type { Ids } from '@holdfast/kernel/id'
import type { Checked, Collection, Snapshot, StoredBody } from '../model.ts'
import type { Viewer } from './admission.ts'
import { parseBody } from './body.ts'
import type { Bulk } from './bulk.ts'
import { type Answer, type Call, json } from './call.ts'
import type { StoredRecord } from './repo/hot-statements.ts'
import type { Idempotency } from './idempotency.ts'
import type { Lane } from './repo/lanes.ts'
import type { Plan } from './plan.ts'
import { checkIfMatch } from './preconditions.ts'
import type { RecordAccess } from './record-access.ts'
import { entityTag, renderRecord } from './rendering.ts'
import { acceptChecked, checkReferences, storedText } from './validation.ts'

/** POST, PUT, PATCH and DELETE of one record; whatever names several goes to `bulk`. */
export interface Writing {
  create(plan: Plan, viewer: Viewer, call: Call): Promise<Answer>
  change(plan: Plan, viewer: Viewer, call: Call, id: string): Promise<Answer>
  remove(plan: Plan, viewer: Viewer, call: Call, id: string): Promise<Answer>
}

interface Needs {
  access: RecordAccess
  bulk: Bulk
  idempotency: Idempotency
  snapshot: () => Snapshot
  ids: Ids
}

/** How often a change is made again because somebody else changed the record first. */
const attemptsMax = 10
const recordIdPattern = /^[0-9a-fA-F]{24}$/

export function createWriting({ access, bulk, idempotency, snapshot, ids }: Needs): Writing {
  async function prepare(plan: Plan, viewer: Viewer, input: unknown) {
    const { body, references } = acceptChecked(plan.endpoint.validator.create(input, viewer.groupIds))
    if (references.length > 0) await checkReferences(access, snapshot(), references)
    return { id: ids.objectId(), body: storedText(body) }
  }

  function createdAnswer(
    { endpoint: { collection } }: Plan,
    viewer: Viewer,
    call: Call,
    record: StoredRecord,
  ): Answer {
    return json(201, `{"success":true,"data":${renderRecord(collection, record, viewer.groupIds)}}`, [
      'location',
      `${call.path.replace(/\/$/, '')}/${record.id}`,
      'etag',
      entityTag(record.version),
    ])
  }

  async function findExisting(collection: Collection, id: string): Promise<StoredRecord> {
    const record = recordIdPattern.test(id) ? await access.find(collection, id.toLowerCase()) : null
    if (record === null) throw problem('records.not_found')
    return record
  }

  return {
    async create(plan, viewer, call) {
      const text = await call.readText()
      const input = parseBody(text)
      const key = idempotency.readKey(call)
      const createOn = async (lane: Lane | null): Promise<Answer> => {
        if (Array.isArray(input)) return bulk.create(plan, viewer, input, lane)
        const record = await prepare(plan, viewer, input)
        const at = await (lane === null
          ? access.create(plan.target, record)
          : access.createOn(lane, plan.target, record))
        return createdAnswer(plan, viewer, call, { ...record, version: 1, createdAt: at, updatedAt: at })
      }
      if (key === null) return createOn(null)
      return idempotency.once({ plan, viewer, ip: call.ip, key, text }, createOn)
    },

    async change(plan, viewer, call, id) {
      const { collection, validator } = plan.endpoint
      const input = parseBody(await call.readText())
      const compute = (stored: StoredBody): Checked =>
        call.method === 'PUT'
          ? validator.replace(input, stored, viewer.groupIds)
          : validator.patch(input, stored, viewer.groupIds)
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const record = await findExisting(collection, id)
        checkIfMatch(call.header('if-match'), record.version)
        const { body, references } = acceptChecked(compute(JSON.parse(record.body) as StoredBody))
        if (references.length > 0) await checkReferences(access, snapshot(), references)
        const updated = await access.update(collection, {
          id: record.id,
          version: record.version,
          body: storedText(body),
        })
        if (updated !== null) {
          return json(200, `{"success":true,"data":${renderRecord(collection, updated, viewer.groupIds)}}`, [
            'etag',
            entityTag(updated.version),
          ])
        }
      }
      throw problem('records.changed_meanwhile')
    },

    async remove({ endpoint: { collection } }, _viewer, call, id) {
      const ifMatch = call.header('if-match')
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const record = ifMatch === undefined ? null : await findExisting(collection, id)
        if (record !== null) checkIfMatch(ifMatch, record.version)
        const isId = recordIdPattern.test(id)
        if (isId && (await access.remove(collection, id.toLowerCase(), record?.version ?? null))) {
          return json(200, '{"success":true,"message":"Record deleted"}')
        }
        if (record === null) throw problem('records.not_found')
      }
      throw problem('records.changed_meanwhile')
    },
  }
}
