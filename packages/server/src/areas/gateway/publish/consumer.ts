import type { Logger } from '@holdfast/kernel/logger'
import { isProblem } from '@holdfast/contracts/kit/problem'
import type { Context } from '../../../context.ts'
import type { EventConsumer } from '../../../work/events/delivery/consumers.ts'
import type { Publishing } from './service.ts'

/** Published routes follow their endpoints, and the groups from which these inherit their network rules. */
export function createPublicationConsumer(needs: {
  publishing: Pick<Publishing, 'follow'>
  endpointIds: (ctx: Context) => Promise<string[]>
  logger: Logger
}): EventConsumer {
  const { publishing, endpointIds, logger } = needs

  async function follow(ctx: Context, id: string): Promise<void> {
    try {
      await publishing.follow(ctx, id)
    } catch (error) {
      // Somebody has a route of their own at the endpoint's new address. Trying again would not help.
      if (!isProblem(error, 'gateway_routes.duplicate')) throw error
      logger.warn(
        { endpointId: id },
        'A published route could not follow its endpoint: its new address is taken',
      )
    }
  }

  return {
    name: 'gateway.publications',
    types: ['endpoint.updated', 'endpoint.deleted', 'endpoint_group.updated', 'endpoint_group.deleted'],
    async handle(ctx, event) {
      const { id } = event.data
      if (typeof id !== 'string') return
      const affected = event.type.startsWith('endpoint_group.') ? await endpointIds(ctx) : [id]
      for (const each of affected) await follow(ctx, each)
    },
  }
}
