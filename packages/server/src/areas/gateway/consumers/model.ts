import type { ConsumerEntity } from '@holdfast/contracts/gateway/consumers'

/** A consumer with the SHA-256 of its key. */
export type StoredConsumer = ConsumerEntity & { keyHash: Buffer }
