import { fillPath, readProblem } from '@holdfast/contracts/kit/client'
import type { z } from 'zod'
import { apiUrl } from '../../lib/base.ts'
import { sessionFetch } from '../../lib/session-fetch.ts'

/** A part of a list, and where the next one begins: its cursor comes in a header, because bodies are bare arrays. */
export interface Part<Rows> {
  rows: Rows
  next: string | undefined
}

interface ListRoute<Rows> {
  path: string
  answers: { 200: z.ZodType<Rows> }
}

/** Fetches a part of one of the tenant's lists. Empty filters are left out. Throws `Problem`. */
export async function fetchPart<Rows>(
  route: ListRoute<Rows>,
  tenantId: string,
  query: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Part<Rows>> {
  const url = apiUrl(fillPath(route.path, { tenantId }))
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value)
  const response = await sessionFetch(url, { headers: { Accept: 'application/json' }, signal })
  if (!response.ok) throw await readProblem(response)
  return {
    rows: route.answers[200].parse(await response.json()),
    next: response.headers.get('X-Next-Cursor') ?? undefined,
  }
}
