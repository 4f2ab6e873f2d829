import { apiUrl } from './base.ts'
import { reportConnection } from './connection.ts'

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string | number | boolean | null | undefined>
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** What the API refused, in its own words (one error writer for `/api` and `/v1`, see the error shapes there). */
export class ApiProblem extends Error {
  readonly sentence: string
  readonly code: string
  readonly status: number
  readonly requestId: string
  readonly details: ReadonlyArray<{ path: string; message: string }>
  /** Seconds to wait, from `Retry-After`. */
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, answer: unknown, retryAfter: string | null) {
    const fields = isRecord(answer) ? answer : {}
    const sentence = text(fields['error']) ?? `The server answered ${status} without saying why.`
    super(sentence)
    this.name = 'ApiProblem'
    this.sentence = sentence
    this.code = text(fields['code']) ?? `http.${status}`
    this.status = status
    this.requestId = text(fields['requestId']) ?? text(fields['request_id']) ?? ''
    this.details = Array.isArray(fields['details']) ? fields['details'].filter(isDetail) : []
    this.retryAfterSeconds = retryAfter === null ? undefined : Number(retryAfter)
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isDetail = (value: unknown): value is { path: string; message: string } =>
  isRecord(value) && typeof value['path'] === 'string' && typeof value['message'] === 'string'

let csrfToken: Promise<string> | undefined

/** The token that a mutating request needs while the cookie is the credential; fetched once and kept. */
function fetchCsrfToken(): Promise<string> {
  csrfToken ??= send({ path: '/api/csrf-token' }).then((answer) => {
    if (isRecord(answer) && typeof answer['csrfToken'] === 'string') return answer['csrfToken']
    throw new ApiProblem(502, { error: 'The server gave no CSRF token. Reload the page.' }, null)
  })
  // A failed attempt is not kept.
  csrfToken.catch(forgetCsrfToken)
  return csrfToken
}

/** Called when the session changes: the token belongs to the session. */
export function forgetCsrfToken(): void {
  csrfToken = undefined
}

const needsCsrf = ({ method = 'GET', path }: RequestOptions) =>
  method !== 'GET' && !path.startsWith('/api/auth/') && !path.startsWith('/api/setup/')

/** Sends a request as the signed-in person and returns the parsed answer; throws `ApiProblem`. */
export async function request(options: RequestOptions): Promise<unknown> {
  if (!needsCsrf(options)) return await send(options)
  try {
    return await send({ ...options, headers: { ...options.headers, 'X-CSRF-Token': await fetchCsrfToken() } })
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem) || thrown.code !== 'auth.csrf_invalid') throw thrown
    // The token had aged: take a new one and try exactly once more. The refused request changed nothing.
    forgetCsrfToken()
    return await send({ ...options, headers: { ...options.headers, 'X-CSRF-Token': await fetchCsrfToken() } })
  }
}

async function send({ method = 'GET', path, query, body, headers, signal }: RequestOptions): Promise<unknown> {
  const url = apiUrl(path)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value))
  }
  let response: Response
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    })
  } catch (thrown) {
    if (!(thrown instanceof DOMException)) reportConnection('offline')
    throw thrown
  }
  reportConnection('online')
  const answer = await readAnswer(response)
  if (!response.ok) throw new ApiProblem(response.status, answer, response.headers.get('Retry-After'))
  return answer
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false
  return isJson ? await response.json() : await response.text()
}
