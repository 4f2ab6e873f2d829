import {
  type ChainVerdict,
  listAuditCheckpoints,
  listAuditVerdicts,
} from '@holdfast/contracts/platform/audit'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../../lib/client.ts'

export const verdictsQuery = queryOptions({
  queryKey: ['audit-proof', 'verdicts'],
  queryFn: async ({ signal }) => (await client.call(listAuditVerdicts, {}, { signal })).data,
})

export const checkpointsQuery = queryOptions({
  queryKey: ['audit-proof', 'checkpoints'],
  queryFn: async ({ signal }) =>
    (await client.call(listAuditCheckpoints, { query: { limit: 100 } }, { signal })).data,
})

/** Which chain it is, for people. */
export function chainName(organizationId: string | null): string {
  return organizationId === null ? 'The platform' : `Organization ${organizationId}`
}

export const faultWords: Record<NonNullable<ChainVerdict['fault']>, string> = {
  edited: 'It was edited: its content no longer gives its hash.',
  removed: 'It is missing.',
  rewritten: 'The chain was written anew: it is not the one that a checkpoint saw.',
  cut: 'The chain once reached further: its end was cut off.',
}
