import { createClient, readProblem } from '@holdfast/contracts/kit/client'
import { apiUrl, baseUrl } from './base.ts'
import { sessionFetch } from './session-fetch.ts'

/** The typed client over the contract's routes, as the signed-in person: `client.call(listGroups)`. Throws `Problem`. */
export const client = createClient({ baseUrl: baseUrl.href.replace(/\/$/, ''), fetch: sessionFetch })

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Readonly<Record<string, string | number | boolean | null | undefined>>
  body?: unknown
  signal?: AbortSignal
}

/**
 * A request to a path that no contract names: the records of an endpoint that somebody defined. Answers the parsed
 * JSON (or the text of anything else) and throws `Problem`, as `client.call` does.
 */
export async function request({
  method = 'GET',
  path,
  query,
  body,
  signal,
}: RequestOptions): Promise<unknown> {
  const url = apiUrl(path)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value))
  }
  const response = await sessionFetch(url, {
    method,
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  })
  if (!response.ok) throw await readProblem(response)
  if (response.status === 204) return undefined
  return response.headers.get('Content-Type')?.includes('json')
    ? await response.json()
    : await response.text()
}
