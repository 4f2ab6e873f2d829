import { problem } from '@holdfast/contracts/problems'
import type { Viewer } from './admission.ts'
import type { Bulk } from './bulk.ts'
import type { Answer, Call } from './call.ts'
import type { Live } from './live.ts'
import type { Plan } from './plan.ts'
import type { Reading } from './reading.ts'
import type { Writing } from './writing.ts'

/** What an endpoint does with records, for a caller who was let in. */
export type Operate = (plan: Plan, viewer: Viewer, call: Call, recordId: string | null) => Promise<Answer>

interface Needs {
  reading: Reading
  writing: Writing
  bulk: Bulk
  /** Absent where nobody can listen. */
  live?: Live
}

export function createOperate({ reading, writing, bulk, live }: Needs): Operate {
  return (plan, viewer, call, recordId) => {
    switch (call.method) {
      case 'POST':
        return recordId === null
          ? writing.create(plan, viewer, call)
          : Promise.reject(problem('records.not_found'))
      case 'PUT':
      case 'PATCH':
        return recordId === null
          ? bulk.change(plan, viewer, call)
          : writing.change(plan, viewer, call, recordId)
      case 'DELETE':
        return recordId === null
          ? bulk.remove(plan, viewer, call)
          : writing.remove(plan, viewer, call, recordId)
      default:
        if (recordId !== null) return reading.get(plan, viewer, call, recordId)
        return live !== undefined && call.method === 'GET' && wantsEvents(call)
          ? live.listen(plan, viewer, call)
          : reading.list(plan, viewer, call)
    }
  }
}

function wantsEvents(call: Call): boolean {
  return call.header('accept')?.includes('text/event-stream') === true
}
