import type { ConsumerConfig } from '@holdfast/contracts/gateway/config'
import type { ConsumerEntity, ConsumerInput } from '@holdfast/contracts/gateway/consumers'
import type { EntityChange } from '../config-feed/service.ts'
import type { StoredConsumer } from './model.ts'

/** What gateways are told of a consumer. */
export function consumerEntry({ id, name, keyHash, rateLimitTier }: StoredConsumer): EntityChange {
  const value: ConsumerConfig = { id, name, keyHash: keyHash.toString('hex'), rateLimitTier }
  return { kind: 'consumer', id, value }
}

export function newConsumer(
  tenantId: string,
  id: string,
  { name, rateLimitTier }: ConsumerInput,
  keyHash: Buffer,
  at: Date,
): StoredConsumer {
  return {
    id,
    tenantId,
    name,
    rateLimitTier,
    keyHash,
    createdAt: at.toISOString(),
    revokedAt: null,
  }
}

export function shownConsumer({ keyHash: _keyHash, ...consumer }: StoredConsumer): ConsumerEntity {
  return consumer
}
