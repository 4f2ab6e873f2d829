import { type Endpoint, updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { isProblem } from '@holdfast/contracts/kit/problem'
import { z } from 'zod'
import { client } from '../../../lib/client.ts'
import { forgetEndpoints } from '../queries.ts'
import { type Draft, draftOf, requestOf } from './draft.ts'

export interface SaveSchemaInput {
  endpoint: Endpoint
  /** Endpoints on the same path that get the same schema. */
  alsoTo: readonly Endpoint[]
  draft: Draft
  confirm: boolean
}

/**
 * Stores a schema; answers the ids of what still runs (indexes being built, values being converted). The other methods
 * get the stored fields, not the draft, so that a new field has one identity everywhere.
 */
export async function saveSchema({ endpoint, alsoTo, draft, confirm }: SaveSchemaInput): Promise<string[]> {
  const first = await client.call(updateEndpoint, {
    params: { id: endpoint.id },
    body: { schema: requestOf(draft), confirm },
  })
  const operations = [...first.operationIds]
  const shared = requestOf(draftOf(first.data.schema))
  for (const sibling of alsoTo) {
    const saved = await client.call(updateEndpoint, {
      params: { id: sibling.id },
      body: { schema: shared, confirm },
    })
    operations.push(...saved.operationIds)
  }
  await forgetEndpoints()
  return operations
}

const Affected = z.object({ affected: z.array(z.object({ field: z.string(), records: z.int() })) })

/** The fields that would be taken away and how many records hold a value; null when the refusal was about something else. */
export function affectedFields(thrown: unknown): Array<{ field: string; records: number }> | null {
  if (!isProblem(thrown, 'endpoints.schema_loses_data')) return null
  const data = Affected.safeParse(thrown.data)
  return data.success ? data.data.affected : []
}
