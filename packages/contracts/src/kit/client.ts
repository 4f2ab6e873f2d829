import { problems } from '../problems.ts'
import { isStream, isUpload, type UploadSource } from './media.ts'
import { Problem, type ProblemDetail } from './problem.ts'
import { isMutation, type RouteRequest, type RouteResult, type RouteShape } from './route.ts'

export interface ClientOptions {
  /** Origin and optional path prefix, without a trailing slash: `http://localhost:3000`. */
  baseUrl: string
  fetch?: typeof globalThis.fetch
  /** Called for every request, so that a token can change underneath. */
  headers?: (method: string) => Record<string, string> | Promise<Record<string, string>>
}

type Defined<T> = { [K in keyof T as T[K] extends undefined ? never : K]: T[K] }
type Input<R extends RouteShape> = Defined<RouteRequest<R>>
type Arguments<R extends RouteShape> = keyof Input<R> extends never
  ? [input?: Record<string, never>, options?: CallOptions]
  : [input: Input<R>, options?: CallOptions]

export interface CallOptions {
  signal?: AbortSignal
  headers?: Record<string, string>
  /** Told the headers of a successful answer. */
  onHeaders?: (headers: Headers) => void
}

export interface Client {
  /** Calls a route; answers its parsed success body, throws `Problem` for every refusal. */
  call<R extends RouteShape>(route: R, ...input: Arguments<R>): Promise<RouteResult<R>>
}

/** A typed client over the contract's routes. Used by console, CLI and tests. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis)
  return {
    async call(route, ...[input, callOptions]) {
      const { params, query, body } = (input ?? {}) as {
        params?: Record<string, unknown>
        query?: Record<string, string | number | boolean | null | undefined>
        body?: unknown
      }
      const headers: Record<string, string> = {
        accept: 'application/json',
        ...(await options.headers?.(route.method)),
        ...callOptions?.headers,
      }
      const init: RequestInit & { duplex?: 'half' } = { method: route.method, headers }
      if (callOptions?.signal) init.signal = callOptions.signal
      if (body !== undefined && isMutation(route.method)) {
        if (isUpload(route.body)) {
          init.body = body as UploadSource
          init.duplex = 'half'
          headers['content-type'] ??= route.body.upload[0]
        } else {
          init.body = JSON.stringify(body)
          headers['content-type'] = 'application/json'
        }
      }
      const response = await send(
        options.baseUrl + fillPath(route.path, params ?? {}) + queryString(query ?? {}),
        init,
      )
      if (response.ok) callOptions?.onHeaders?.(response.headers)
      return (await readAnswer(route, response)) as RouteResult<typeof route>
    },
  }
}

/** Puts encoded parameters into `{name}` segments. */
export function fillPath(path: string, params: Record<string, unknown>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
}

function queryString(query: Record<string, string | number | boolean | null | undefined>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.append(name, String(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

async function readAnswer(route: RouteShape, response: Response): Promise<unknown> {
  if (!response.ok) throw await readProblem(response)
  const schema = route.answers[response.status]
  if (isStream(schema)) return response
  if (schema === null || response.status === 204) return undefined
  const body: unknown = await response.json()
  return schema === undefined ? body : schema.parse(body)
}

/** Rebuilds the problem from an error answer of either family (`requestId` or `request_id`). */
export async function readProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const { error, code, requestId, request_id, details, success, ...data } = body
  void success
  const known = typeof code === 'string' ? code : 'server.failed'
  const id = requestId ?? request_id
  const retryAfter = Number(response.headers.get('retry-after'))
  return new Problem(
    known,
    response.status,
    typeof error === 'string' ? error : problems['server.failed'].sentence,
    {
      details: Array.isArray(details) ? (details as ProblemDetail[]) : [],
      data,
      ...(typeof id === 'string' && { requestId: id }),
      ...(Number.isFinite(retryAfter) && retryAfter > 0 && { retryAfterSeconds: retryAfter }),
    },
  )
}
