import { disabledAfterFailingDays } from '@holdfast/contracts/platform/webhooks'
import type { Part } from '@holdfast/kernel/lifecycle'
import { systemContext } from '../../../context.ts'
import type { BoundRoute } from '../../../http/handle.ts'
import type { Kit } from '../../../kit.ts'
import type { EventConsumer } from '../../../work/events/delivery/consumers.ts'
import type { Notifications } from '../notifications/service.ts'
import { createDeliveriesRepo } from './deliveries/repo.ts'
import { createDeliveries, type Deliveries } from './deliveries/service.ts'
import { createDispatcher, type FinishedAttempt } from './engine/dispatcher.ts'
import { createFanOut } from './engine/fan-out.ts'
import { createFrequentEvents, type FrequentEvents } from './engine/frequent.ts'
import { createRecordPlacesRepo } from './records/repo.ts'
import { createRecordSubscribers, type RecordSubscribers } from './records/service.ts'
import { createEngineRepo, type TriedWebhook } from './engine/repo.ts'
import { type Attempt, createSender } from './engine/sender.ts'
import { createPluginWebhooks, type PluginWebhooks } from './plugin-webhooks.ts'
import { createWebhooksRepo, type WebhooksRepo } from './repo.ts'
import { bindWebhooks } from './routes.ts'
import { createWebhooks, type Webhooks } from './service.ts'

export interface WebhookModule {
  webhooks: Webhooks
  routes: BoundRoute[]
  consumers: EventConsumer[]
  parts: Part[]
  /** For the hourly chore. */
  expire: Deliveries['expire']
  /** Told of every call of an endpoint. */
  endpointCalled: FrequentEvents['called']
  /** Those that ask for changes of records. */
  recordSubscribers: RecordSubscribers
  /** For the dashboard: attempts by outcome, per day. */
  days: WebhooksRepo['days']
  /** Those that belong to plugins. */
  ofPlugins: PluginWebhooks
  list: WebhooksRepo['list']
}

const dayMs = 86_400_000

/** Webhooks, composed: management, the delivery log, and the engine that sends. */
export function createWebhookModule(kit: Kit, notifications: Notifications): WebhookModule {
  const { database, clock, activity } = kit
  const places = createRecordPlacesRepo(database)
  const repo = createWebhooksRepo(database, places)
  const deliveriesRepo = createDeliveriesRepo(database)
  const engine = createEngineRepo(database)
  const sender = createSender(kit)
  const webhooks = createWebhooks({ ...kit, repo, deliveries: deliveriesRepo, notifications })

  function record({ id, name }: { id: string; name: string }, event: string, attempt: Attempt): void {
    activity.record({
      action: 'webhook_dispatch',
      source: 'system',
      message: `Webhook ${name}: ${event} ${attempt.status ?? 'without an answer'}`,
      details: { webhookId: id, event, ...(attempt.error !== null && { error: attempt.error }) },
      statusCode: attempt.status,
      responseTimeMs: attempt.durationMs,
    })
  }

  async function written(
    finished: readonly FinishedAttempt[],
    tried: readonly TriedWebhook[],
  ): Promise<void> {
    for (const { delivery, attempt } of finished)
      record({ id: delivery.webhookId, name: delivery.name }, delivery.eventType, attempt)
    const ctx = systemContext('webhooks')
    const idsOf = (some: readonly FinishedAttempt[]) =>
      new Set(some.map(({ delivery }) => delivery.webhookId))
    const gone = idsOf(finished.filter(({ isGone }) => isGone))
    // Only once a delivery was tried for its whole day: a first failure after a quiet week may pass.
    const givenUp = idsOf(finished.filter(({ isGivenUp }) => isGivenUp))
    const tooLong = clock.nowMs() - disabledAfterFailingDays * dayMs
    for (const { id, failingSince } of tried) {
      if (gone.has(id)) await webhooks.disable(ctx, id, 'gone')
      else if (givenUp.has(id) && failingSince !== null && Date.parse(failingSince) <= tooLong)
        await webhooks.disable(ctx, id, 'failing')
    }
  }

  const deliveries = createDeliveries({
    ...kit,
    repo: deliveriesRepo,
    webhooks: repo,
    engine,
    sender,
    record,
  })
  const frequent = createFrequentEvents({
    ...kit,
    repo: engine,
    webhooks: repo,
    subscribe: kit.events.subscribe,
  })
  return {
    webhooks,
    routes: bindWebhooks(webhooks, deliveries),
    consumers: [createFanOut({ ...kit, repo: engine })],
    parts: [createDispatcher({ ...kit, repo: engine, sender, written }), frequent.part],
    expire: deliveries.expire,
    endpointCalled: frequent.called,
    recordSubscribers: createRecordSubscribers({ ...kit, places, engine, subscribe: kit.events.subscribe }),
    days: repo.days,
    ofPlugins: createPluginWebhooks({ ...kit, repo, deliveries: deliveriesRepo, engine }),
    list: repo.list,
  }
}
