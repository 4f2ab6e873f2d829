import type { EndpointTestInput, EndpointTestResult } from '@holdfast/contracts/builder/endpoint-tools'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import type { Context } from '../../../context.ts'
import type { DispatchResponse, RecordRuntime } from '../model.ts'
import { isParameter, splitPath } from './paths.ts'

/** A request to the product's own routes, without a socket. */
export interface InternalRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: unknown
  /** Whose call this is, for limits and lockouts. */
  ip: string
}
export type CallProduct = (request: InternalRequest) => Promise<DispatchResponse>

interface Needs {
  runtime: RecordRuntime
  callProduct: CallProduct
  /** Milliseconds that only go forward. */
  elapsedMs: () => number
}

export type Tester = ReturnType<typeof createTester>

/**
 * Calls an endpoint from inside, as the caller: the real runtime, the real records. For whoever may edit the endpoint,
 * network rules are left out unless asked for, so that they can look without being locked out, and the address may be
 * simulated. Everybody else is where they are, and meets the rules: the tester is no way around them.
 */
export function createTester({ runtime, callProduct, elapsedMs }: Needs) {
  return async (
    ctx: Context,
    endpoint: Endpoint,
    input: EndpointTestInput,
    credential: Record<string, string>,
  ): Promise<EndpointTestResult> => {
    const method = input.method ?? endpoint.method
    const url = testUrl(endpoint, input, method)
    const headers = Object.fromEntries(
      Object.entries(input.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    const mayPretend = ctx.actor.kind === 'user' && ctx.actor.permissions.has('manage_api')
    const ownIp = ctx.ip ?? '127.0.0.1'
    const startedMs = elapsedMs()
    const response = endpoint.isSystem
      ? await callProduct({
          method,
          url,
          headers: { ...headers, ...credential },
          body: input.body,
          ip: ownIp,
        })
      : await runtime.dispatch({
          ctx,
          method,
          url,
          headers,
          body: input.body,
          ip: mayPretend ? (input.clientIp ?? ownIp) : ownIp,
          applyNetworkAccess: !mayPretend || input.applyNetworkAccess,
          origin: 'tester',
        })
    return {
      request: {
        method,
        url,
        headers,
        params: input.params,
        ...(input.body !== undefined && { body: input.body }),
      },
      response: {
        statusCode: response.status,
        headers: { ...response.headers },
        body: response.body ?? null,
        responseTime: Math.round((elapsedMs() - startedMs) * 100) / 100,
      },
    }
  }
}

/** Fills the parameters of the path. An `id` the path has no place for names the record below it. */
function testUrl(endpoint: Endpoint, { path, params, query }: EndpointTestInput, method: string): string {
  const base = path ?? endpoint.path
  const [bare = '', ownQuery] = base.split('?', 2)
  const segments = splitPath(bare.startsWith('/') ? bare : `/${bare}`)
  const filled = segments.map((segment) => {
    const value = isParameter(segment) ? params[segment.slice(1)] : undefined
    return value === undefined ? segment : encodeURIComponent(value)
  })
  const hasPlace = segments.some(isParameter)
  if (path === undefined && !hasPlace && params.id !== undefined && method !== 'POST')
    filled.push(encodeURIComponent(params.id))
  const search = [ownQuery, new URLSearchParams(query).toString()]
    .filter((text) => text !== undefined && text !== '')
    .join('&')
  return `/${filled.join('/')}${search === '' ? '' : `?${search}`}`
}
