import { listErrors, resolveError } from '@holdfast/contracts/gateway/analytics'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'
import type { GatewayErrors } from './service.ts'

export function bindGatewayErrors(errors: GatewayErrors): BoundRoute[] {
  return [
    handle(listErrors, async (ctx, { query }) => {
      const { rows, nextCursor } = await errors.list(ctx, query)
      return new Reply(rows, { headers: nextCursor === null ? {} : { 'x-next-cursor': nextCursor } })
    }),
    handle(resolveError, async (ctx, { params, body }) => {
      await errors.resolve(ctx, params.id, body.resolved)
      return undefined
    }),
  ]
}
