import type { CodeDryRun, DryRunInput } from '@holdfast/contracts/builder/code'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { problem } from '@holdfast/contracts/problems'
import type { Context } from '../../../../context.ts'
import type { Snapshot } from '../../model.ts'
import type { Rehearse } from '../../records/rehearsal.ts'
import { createRecordCalls } from '../code/record-calls.ts'
import type { CodeRunner } from '../code/runner.ts'
import { triedCode } from '../code/tried-code.ts'
import { handlerWallMs } from './chain.ts'
import { type HandlerRequest, shownHeaders } from './request.ts'

interface Needs {
  runner: CodeRunner
  rehearse: Rehearse
  snapshot: () => Snapshot
}

export type DryRun = ReturnType<typeof createDryRun>

/**
 * Runs code as a handler of `endpoint` would run, with a request that its author makes up. What it does to records is
 * rolled back; what it sends with `fetch` is sent. Throws endpoints.system_protected, code.busy.
 */
export function createDryRun({ runner, rehearse, snapshot }: Needs) {
  return async (ctx: Context, endpoint: Endpoint, input: DryRunInput): Promise<CodeDryRun> => {
    const { collectionId } = endpoint
    if (collectionId === null) throw problem('endpoints.system_protected')
    const result = await rehearse((operate) =>
      runner.run({
        key: `dry run ${endpoint.id}`,
        entry: 'handler',
        code: input.code,
        argument: requestOf(ctx, endpoint, input),
        wallMs: handlerWallMs,
        records: createRecordCalls({
          snapshot,
          operate,
          own: snapshot().collections.get(collectionId) ?? null,
        }),
        signal: ctx.signal,
      }),
    )
    return triedCode(result)
  }
}

function requestOf({ actor }: Context, endpoint: Endpoint, { type, request }: DryRunInput): HandlerRequest {
  const isAfter = type === 'post' || type === 'transform'
  return {
    method: request.method ?? endpoint.method,
    path: request.path ?? endpoint.path,
    params: request.params,
    query: request.query,
    headers: shownHeaders(
      Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    ),
    body: request.body ?? null,
    user: actor.kind === 'user' ? { id: actor.userId, login: actor.login, groupIds: actor.groupIds } : null,
    ...(isAfter && { result: request.result ?? { status: 200, body: { success: true, data: null } } }),
  }
}
