import type { ConsumerChange, ConsumerEntity, ConsumerInput } from '@holdfast/contracts/gateway/consumers'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { ListFilter } from '../listing/store.ts'
import { changedFields, withChange } from '../writes/rules.ts'
import type { TenantWrites, Written } from '../writes/service.ts'
import type { StoredConsumer } from './model.ts'
import type { ConsumersRepo } from './repo.ts'
import { issueConsumerKey } from './keys.ts'
import { consumerEntry, newConsumer, shownConsumer } from './rules.ts'

/**
 * Consumers: who calls a tenant's routes, each with a key of its own.
 *
 * Invariants: the key is shown once and kept as SHA-256; a revoked consumer never comes back.
 * Events: gateway.consumer_created, gateway.consumer_updated, gateway.consumer_revoked.
 */
export interface GatewayConsumers {
  /** The active ones. */
  list(ctx: Context, filter: ListFilter): Promise<ConsumerEntity[]>
  /** Throws gateway_consumers.not_found. */
  get(ctx: Context, id: string): Promise<ConsumerEntity>
  /** Throws gateway.limit_reached. */
  create(ctx: Context, input: ConsumerInput): Promise<Written<ConsumerEntity & { apiKey: string }>>
  /** Throws gateway_consumers.not_found. */
  update(ctx: Context, id: string, change: ConsumerChange): Promise<Written<ConsumerEntity>>
  /** Throws gateway_consumers.not_found. */
  revoke(ctx: Context, id: string): Promise<Written<undefined>>
}

interface Needs {
  repo: ConsumersRepo
  writes: TenantWrites
  database: Pick<Database<Tables>, 'tenant'>
  clock: Clock
  ids: Ids
}

export function createGatewayConsumers({ repo, writes, database, clock, ids }: Needs): GatewayConsumers {
  async function find(ctx: Context, id: string): Promise<StoredConsumer> {
    const consumer = await repo.find(ctx, id)
    if (consumer === undefined) throw problem('gateway_consumers.not_found')
    return consumer
  }

  return {
    list: (ctx, filter) =>
      database.tenant(ctx, async (tx) => (await repo.list(tx, filter)).map(shownConsumer)),
    get: (ctx, id) => database.tenant(ctx, async (tx) => shownConsumer(await find(tx, id))),

    create: (ctx, input) =>
      writes.write(ctx, async (tx) => {
        const tenantId = tx.organizationId ?? ''
        const { apiKey, keyHash } = issueConsumerKey(tenantId)
        const consumer = newConsumer(tenantId, ids.uuid(), input, keyHash, clock.now())
        await writes.count(tx, 'consumers', 1)
        await repo.save(tx, [consumer])
        return {
          value: { ...shownConsumer(consumer), apiKey },
          entries: [consumerEntry(consumer)],
          event: { type: 'gateway.consumer_created', data: { id: consumer.id } },
          audit: {
            target: { type: 'gateway_consumer', id: consumer.id },
            details: { name: consumer.name, rateLimitTier: consumer.rateLimitTier },
          },
        }
      }),

    update: (ctx, id, change) =>
      writes.write(ctx, async (tx) => {
        const before = await find(tx, id)
        const after = withChange(before, change)
        await repo.save(tx, [after])
        return {
          value: shownConsumer(after),
          entries: [consumerEntry(after)],
          event: { type: 'gateway.consumer_updated', data: { id } },
          audit: {
            target: { type: 'gateway_consumer', id },
            details: { name: after.name, changed: changedFields(before, after) },
          },
        }
      }),

    revoke: (ctx, id) =>
      writes.write(ctx, async (tx) => {
        const { name } = await find(tx, id)
        await repo.remove(tx, [id], clock.now())
        await writes.count(tx, 'consumers', -1)
        return {
          value: undefined,
          entries: [{ kind: 'consumer', id, value: null }],
          event: { type: 'gateway.consumer_revoked', data: { id } },
          audit: { target: { type: 'gateway_consumer', id }, details: { name } },
        }
      }),
  }
}
