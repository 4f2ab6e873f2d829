import { getOpenApi } from '@holdfast/contracts/platform/openapi'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../../lib/client.ts'
import { readDescription } from './document.ts'

/** Forgotten with everything else of endpoints, because it holds those defined here. */
export const descriptionQuery = queryOptions({
  queryKey: ['endpoints', 'description'],
  queryFn: async ({ signal }) => readDescription(await client.call(getOpenApi, {}, { signal })),
  staleTime: 60_000,
})
