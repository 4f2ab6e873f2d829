import type { Operation, OperationState } from '@holdfast/contracts/platform/operations'
import { Problem } from '@holdfast/contracts/kit/problem'
import { problems } from '@holdfast/contracts/problems'

/** `queued -> running -> succeeded | failed | cancelled`, and `queued -> cancelled` when nobody has begun. */
const followers: Record<OperationState, readonly OperationState[]> = {
  queued: ['running', 'cancelled'],
  // Running again is what follows when the server that ran it died.
  running: ['running', 'succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
}

export function mayBecome(from: OperationState, to: OperationState): boolean {
  return followers[from].includes(to)
}

/** What the owner may read of a failure: a problem's own words; of anything else only that it happened. */
export function problemOf(error: unknown): NonNullable<Operation['problem']> {
  if (error instanceof Problem) return { code: error.code, error: error.message }
  return { code: 'server.failed', error: problems['server.failed'].sentence }
}
