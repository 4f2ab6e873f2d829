import { problem } from '@holdfast/contracts/problems'
import type { DispatchRequest, DispatchResponse, RecordRuntime, Snapshots } from '../model.ts'
import type { Answer, Call } from './call.ts'
import type { Runtime } from './runtime.ts'

/** Calls the runtime from inside, without a socket: what the tester of endpoints uses. Acts with the rights of its caller. */
export function createDispatch({
  snapshots,
  runtime,
}: {
  snapshots: Pick<Snapshots, 'current'>
  runtime: Runtime
}): RecordRuntime {
  return {
    async dispatch(request) {
      const [path = '/', query = ''] = splitOnce(request.url)
      const call = callOf(request, path, query)
      const match = snapshots.current().match(request.method, path)
      if (match === null)
        return responseOf(runtime.refuse(problem('endpoints.not_found'), call, request.ctx.requestId))
      if ('allowedMethods' in match) {
        return responseOf(runtime.refuse(problem('request.method_not_allowed'), call, request.ctx.requestId))
      }
      return responseOf(
        await runtime.answer(
          match,
          call,
          () => request.ctx.requestId,
          () => undefined,
        ),
      )
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
): Call {
  return {
    method,
    path,
    query,
    ip,
    applyNetworkAccess,
    // A stream of events has no end that a test could wait for.
    header: (name) => (name === 'accept' ? undefined : headers[name]),
    signal: () => ctx.signal,
    actor: async () => ctx.actor,
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
