import type { Database } from '@holdfast/database/database'
import type { Tables } from '../../../tables.ts'
import type { EventConsumer } from '../../../work/events/delivery/consumers.ts'
import type { Events } from '../../../work/events/service.ts'
import type { EndpointsRepo } from './repo.ts'

/**
 * A deleted group is taken from the endpoints that admitted it. The rules of fields keep its id on purpose: an empty list
 * there means everybody, and a group's end must not open what it guarded.
 */
export function createGroupWithdrawal(needs: {
  repo: Pick<EndpointsRepo, 'withdrawGroup'>
  database: Pick<Database<Tables>, 'transaction'>
  events: Pick<Events, 'append'>
}): EventConsumer {
  const { repo, database, events } = needs
  return {
    name: 'builder.group_withdrawal',
    types: ['group.deleted'],
    async handle(ctx, event) {
      const { id } = event.data
      if (typeof id !== 'string') return
      await database.transaction(ctx, async (tx) => {
        for (const endpointId of await repo.withdrawGroup(tx, id)) {
          await events.append(tx, { type: 'endpoint.updated', data: { id: endpointId } })
        }
      })
    },
  }
}
