import { randomBytes } from 'node:crypto'
import type { ConsumerConfig } from '@holdfast/contracts/gateway/config'
import type { ConsumerEntity, ConsumerInput } from '@holdfast/contracts/gateway/consumers'
import { hashToken } from '@holdfast/kernel/crypto/token'
import type { EntityChange } from '../config-feed/service.ts'
import type { StoredConsumer } from './model.ts'

const keyBytes = 16

/** A key as it is shown once, `gw_<tenant>_<32 hexadecimal characters>`, with what is kept of it. */
export function issueConsumerKey(tenantId: string): { apiKey: string; keyHash: Buffer } {
  const apiKey = `gw_${tenantId}_${randomBytes(keyBytes).toString('hex')}`
  return { apiKey, keyHash: hashToken(apiKey) }
}

/** What gateways are told of a consumer. */
export function consumerEntry({ id, name, keyHash, rateLimitTier }: StoredConsumer): EntityChange {
  const value: ConsumerConfig = { id, name, keyHash: keyHash.toString('hex'), rateLimitTier }
  return { kind: 'consumer', id, value }
}

export function newConsumer(
  tenantId: string,
  id: string,
  { name, rateLimitTier }: ConsumerInput,
  at: Date,
): { consumer: StoredConsumer; apiKey: string } {
  const { apiKey, keyHash } = issueConsumerKey(tenantId)
  const consumer = {
    id,
    tenantId,
    name,
    rateLimitTier,
    keyHash,
    createdAt: at.toISOString(),
    revokedAt: null,
  }
  return { consumer, apiKey }
}

export function shownConsumer({ keyHash: _keyHash, ...consumer }: StoredConsumer): ConsumerEntity {
  return consumer
}
