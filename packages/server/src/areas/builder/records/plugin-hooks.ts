import type { HookOperation } from '@holdfast/contracts/platform/plugin-manifest'
import { problem } from '@holdfast/contracts/problems'
import type { RecordChange, RecordHooks } from '../../platform/plugins/hooks/record-hooks.ts'
import type { HooksOfOperation } from '../../platform/plugins/hooks/table.ts'
import type { StoredBody } from '../model.ts'
import type { Viewer } from './admission.ts'
import { parseBody } from './body.ts'
import type { Answer, Call } from './call.ts'
import type { Operate } from './operations.ts'
import type { Plan } from './plan.ts'
import type { RecordAccess } from './record-access.ts'
import { renderRecord } from './rendering.ts'
import type { Lane } from './repo/lanes.ts'
import { acceptChecked } from './validation.ts'

interface Needs {
  hooks: Pick<RecordHooks, 'of' | 'before' | 'after'>
  access: Pick<RecordAccess, 'find'>
  together: Together
}

/** Runs `work` with operations in one transaction, which commits when it is done. */
export type Together = <T>(work: (operate: Operate, run: Lane['run']) => Promise<T>) => Promise<T>

/**
 * The operations of endpoints with the hooks of plugins around them: what came is validated, the plugins are asked, and
 * what they made of it is validated again by the operation. What plugins are told afterwards is queued in the transaction
 * of the change: neither is without the other. Without hooks it is the operation itself.
 *
 * A plugin's own requests ask all other plugins: else its hook could call itself for ever. Imports, and what code and
 * cron jobs do with `db`, are changes of the owner's own making and ask nobody.
 */
export function withPluginHooks(operate: Operate, { hooks, access, together }: Needs): Operate {
  return (plan, viewer, call, recordId) => {
    const operation = operationOf[call.method]
    const wanted = operation && hooks.of(plan.endpoint.collection.path, operation)
    return operation && wanted
      ? around({ plan, viewer, call, recordId }, operation, wanted)
      : operate(plan, viewer, call, recordId)
  }

  async function around(
    { plan, viewer, call, recordId }: { plan: Plan; viewer: Viewer; call: Call; recordId: string | null },
    operation: HookOperation,
    wanted: HooksOfOperation,
  ): Promise<Answer> {
    const { endpoint } = plan
    const actor = await call.actor()
    const acting = actor.kind === 'user' ? actor.token?.pluginId : undefined
    const before = wanted.before.filter(({ pluginId }) => pluginId !== acting)
    const after = wanted.after.filter((pluginId) => pluginId !== acting)

    const text = operation === 'delete' && recordId !== null ? '' : await call.readText()
    const body: unknown = text === '' ? null : parseBody(text)
    const change: RecordChange = {
      operation,
      endpoint: { id: endpoint.id, method: endpoint.method, path: endpoint.path },
      recordId: recordId?.toLowerCase() ?? null,
      body,
      current: before.length === 0 ? null : await checked(plan, viewer, call, recordId, body),
      user: viewer.actor.kind === 'user' ? { id: viewer.actor.userId, login: viewer.actor.login } : null,
    }
    const decided = before.length === 0 ? change : await hooks.before(before, change, call.signal())
    // Unchanged text is handed on as it came: the key of a repeated request is compared with it.
    const own = decided.body === body ? text : JSON.stringify(decided.body)
    const ownCall = { ...call, readText: async () => own }
    if (after.length === 0) return operate(plan, viewer, ownCall, recordId)
    return together(async (operateHere, run) => {
      const answer = await operateHere(plan, viewer, ownCall, recordId)
      if (isNewSuccess(answer)) await hooks.after(run, after, change, dataOf(answer))
      return answer
    })
  }

  /** The record as it stands. Throws what the operation would throw on the body as it came. */
  async function checked(plan: Plan, viewer: Viewer, call: Call, recordId: string | null, body: unknown) {
    const { collection, validator } = plan.endpoint
    if (recordId === null) {
      if (call.method === 'POST' && !Array.isArray(body))
        acceptChecked(validator.create(body, viewer.groupIds))
      return null
    }
    const record = /^[0-9a-f]{24}$/i.test(recordId)
      ? await access.find(collection, recordId.toLowerCase())
      : null
    if (record === null) throw problem('records.not_found')
    const stored = JSON.parse(record.body) as StoredBody
    if (call.method === 'PUT') acceptChecked(validator.replace(body, stored, viewer.groupIds))
    if (call.method === 'PATCH') acceptChecked(validator.patch(body, stored, viewer.groupIds))
    return JSON.parse(renderRecord(collection, record, viewer.groupIds)) as unknown
  }
}

const operationOf: Readonly<Record<string, HookOperation>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
}

/** Not the answer to a repeated request, of which plugins have heard. */
function isNewSuccess({ status, headers }: Answer): boolean {
  return status < 300 && !headers.includes('idempotency-replayed')
}

function dataOf({ body }: Answer): unknown {
  const parsed: unknown = typeof body === 'string' && body !== '' ? JSON.parse(body) : null
  return typeof parsed === 'object' && parsed !== null && 'data' in parsed ? parsed.data : null
}
