import { apiUrl } from './base.ts'
import { reportConnection } from './connection.ts'

const csrfHeader = 'X-CSRF-Token'
let csrfToken: Promise<string> | undefined
let onSessionEnded: (() => void) | undefined

/** Names who is told when the server no longer knows the session. */
export function whenSessionEnds(listener: () => void): void {
  onSessionEnded = listener
}

/** Called when the session changes: the token belongs to the session. */
export function forgetCsrfToken(): void {
  csrfToken = undefined
}

/** The token that a mutating request needs while the cookie is the credential; fetched once and kept. */
function currentCsrfToken(): Promise<string> {
  csrfToken ??= fetchCsrfToken()
  // A failed attempt is not kept.
  csrfToken.catch(forgetCsrfToken)
  return csrfToken
}

async function fetchCsrfToken(): Promise<string> {
  const response = await reportingFetch(apiUrl('/api/csrf-token'), { credentials: 'same-origin' })
  const answer: unknown = await response.json()
  if (typeof answer === 'object' && answer !== null && 'csrfToken' in answer) return String(answer.csrfToken)
  throw new Error('The server gave no CSRF token.')
}

/** `fetch` that tells the connection indicator what it saw. */
async function reportingFetch(input: string | URL, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init)
    // A proxy in front of a dead server answers too; those answers are not the server's.
    reportConnection(response.status === 502 || response.status === 504 ? 'offline' : 'online')
    return response
  } catch (thrown) {
    if (!(thrown instanceof DOMException)) reportConnection('offline')
    throw thrown
  }
}

function needsCsrf(url: URL, method: string): boolean {
  if (method === 'GET') return false
  return !['/api/auth/', '/api/setup/'].some((prefix) => url.pathname.startsWith(apiUrl(prefix).pathname))
}

/** Whether a refusal is this one. A wrong password is a 401 too, and is not the end of a session. */
async function isRefusal(response: Response, status: number, code: string): Promise<boolean> {
  if (response.status !== status) return false
  const answer: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return typeof answer === 'object' && answer !== null && 'code' in answer && answer.code === code
}

/**
 * `fetch` as the signed-in person: sends the cookie, and the CSRF token where one is needed. A token that has aged
 * (403 `auth.csrf_invalid`) is renewed and the request sent exactly once more; the refused one has changed nothing.
 */
export async function sessionFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const response = await sendAsPerson(input, init)
  if (await isRefusal(response, 401, 'auth.required')) onSessionEnded?.()
  return response
}

async function sendAsPerson(input: string | URL | Request, init: RequestInit): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input)
  const options: RequestInit = { ...init, credentials: 'same-origin' }
  if (!needsCsrf(url, init.method ?? 'GET')) return await reportingFetch(url, options)

  const sendWithToken = async () => {
    const headers = new Headers(init.headers)
    headers.set(csrfHeader, await currentCsrfToken())
    return await reportingFetch(url, { ...options, headers })
  }
  const response = await sendWithToken()
  // A stream can be read only once, so an upload cannot be sent again by itself.
  if (init.body instanceof ReadableStream || !(await isRefusal(response, 403, 'auth.csrf_invalid')))
    return response
  forgetCsrfToken()
  return await sendWithToken()
}
