import { problem } from '@holdfast/contracts/problems'
import type { Actor } from '../../../context.ts'
import { groupsNamedBy } from './named-groups.ts'
import type { DispatchRequest, DispatchResponse, EndpointModel, RecordRuntime, Snapshots } from '../model.ts'
import type { Answer, Call } from './call.ts'
import type { Calls } from './calls.ts'
import type { Runtime } from './runtime.ts'

/**
 * Calls the runtime from inside, without a socket: what the tester of endpoints, cron jobs and MCP tools use. Acts with the
 * rights of its caller, and counts and records the call as one that came over the network.
 */
export function createDispatch({
  snapshots,
  runtime,
  calls,
}: {
  snapshots: Pick<Snapshots, 'current'>
  runtime: Runtime
  calls: Pick<Calls, 'record'>
}): RecordRuntime {
  return {
    async dispatch(request) {
      const [path = '/', query = ''] = splitOnce(request.url)
      let actor = request.ctx.actor
      const call = callOf(request, path, query, () => actor)
      const match = snapshots.current().match(request.method, path)
      if (match !== null && request.asProduct === true && 'endpoint' in match)
        actor = productActor(match.endpoint)
      if (match === null)
        return responseOf(runtime.refuse(problem('endpoints.not_found'), call, request.ctx.requestId))
      if ('allowedMethods' in match) {
        return responseOf(runtime.refuse(problem('request.method_not_allowed'), call, request.ctx.requestId))
      }
      const startedMs = performance.now()
      const answer = await runtime.answer(
        match,
        call,
        () => request.ctx.requestId,
        () => undefined,
      )
      calls.record(match.endpoint, {
        method: call.method,
        path: call.path,
        status: answer.status,
        durationMs: performance.now() - startedMs,
        ip: call.ip,
        userAgent: request.headers['user-agent']?.slice(0, 512) ?? null,
        actor: request.ctx.actor,
        requestId: request.ctx.actor.kind === 'system' ? null : request.ctx.requestId,
        origin: request.origin,
      })
      return responseOf(answer)
    },
  }
}

function splitOnce(url: string): string[] {
  const mark = url.indexOf('?')
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)]
}

function callOf(
  { ctx, method, headers, body, ip, applyNetworkAccess }: DispatchRequest,
  path: string,
  query: string,
  actor: () => Actor,
): Call {
  return {
    method,
    path,
    query,
    ip,
    applyNetworkAccess,
    // A stream of events has no end that a test could wait for.
    header: (name) => (name === 'accept' ? undefined : headers[name]),
    headers: () => headers,
    signal: () => ctx.signal,
    actor: async () => actor(),
    checkCsrf: () => undefined,
    readText: async () => (body === undefined ? '' : JSON.stringify(body)),
  }
}

async function responseOf({ status, headers, body }: Answer): Promise<DispatchResponse> {
  const byName: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' }
  for (let index = 0; index + 1 < headers.length; index += 2)
    byName[headers[index] ?? ''] = headers[index + 1] ?? ''
  return { status, headers: byName, body: typeof body === 'string' && body !== '' ? JSON.parse(body) : null }
}

/** Nobody in particular, in every group that the endpoint or its fields name. */
function productActor(endpoint: EndpointModel): Actor {
  return {
    kind: 'user',
    userId: '00000000-0000-0000-0000-000000000000',
    login: 'automation',
    sessionId: null,
    via: 'bearer',
    groupIds: [...endpoint.allowedGroupIds, ...groupsNamedBy(endpoint.collection)],
    permissions: new Set(),
    isAdmin: false,
  }
}
