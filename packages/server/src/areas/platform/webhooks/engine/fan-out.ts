import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { EventConsumer } from '../../../../work/events/delivery/consumers.ts'
import { deliveryBody, subscriptionsOf } from '../rules.ts'
import type { EngineRepo } from './repo.ts'

/**
 * Turns every event into deliveries, one for each webhook that wants it. An event that comes twice finds its deliveries
 * there already.
 */
export function createFanOut({
  repo,
  clock,
  ids,
}: {
  repo: EngineRepo
  clock: Clock
  ids: Ids
}): EventConsumer {
  return {
    name: 'webhooks',
    types: 'all',
    async handle(ctx, event) {
      const occurred = {
        id: event.id,
        type: event.type,
        body: deliveryBody(event.type, new Date(event.occurredAt).toISOString(), event.data),
        subscriptions: subscriptionsOf(event.type),
      }
      await repo.fanOut(ctx, [occurred], clock.now(), ids.uuid)
    },
  }
}
