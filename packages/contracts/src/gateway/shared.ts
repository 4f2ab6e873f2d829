import { z } from 'zod'
import { Id } from '../kit/id.ts'

/** Shared by the routes of a tenant's gateway (reference 002). */

export const TenantParams = z.object({ tenantId: Id })
export const TenantItemParams = z.object({ tenantId: Id, id: Id })

/** A tenant has at most so many of each of services, routes and consumers. */
export const tenantItemsMax = 20_000

/**
 * Taken by every change: with it the answer comes once every connected gateway has put the change into force, or after
 * ten seconds (`Prefer: wait=30` for another time, RFC 7240 §4.3). `X-Config-Applied` says how many of them have.
 */
export const WaitQuery = z.object({
  wait: z
    .enum(['applied'])
    .optional()
    .meta({ description: 'Answer when every connected gateway has put the change into force.' }),
})

/** Lists are whole unless `limit` is given; then `X-Next-Cursor` of the answer is the next `cursor`. */
export const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(tenantItemsMax).optional(),
  cursor: Id.optional(),
  search: z.string().max(200).optional(),
})

export const waitSecondsDefault = 10
export const waitSecondsMax = 60
