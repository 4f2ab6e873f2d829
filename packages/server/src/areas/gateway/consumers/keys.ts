import { randomBytes } from 'node:crypto'
import { hashToken } from '@holdfast/kernel/crypto/token'

const keyBytes = 16

/** A key as it is shown once, `gw_<tenant>_<32 hexadecimal characters>`, with what is kept of it. */
export function issueConsumerKey(tenantId: string): { apiKey: string; keyHash: Buffer } {
  const apiKey = `gw_${tenantId}_${randomBytes(keyBytes).toString('hex')}`
  return { apiKey, keyHash: hashToken(apiKey) }
}
