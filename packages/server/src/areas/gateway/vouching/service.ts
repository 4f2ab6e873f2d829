import type { Clock } from '@holdfast/kernel/clock'
import {
  isVouched,
  readVouch,
  type VouchedClient,
  type VouchedRequest,
  vouchingKey,
} from '@holdfast/kernel/crypto/vouched-client'
import { LRUCache } from 'lru-cache'
import { type Context, systemContext } from '../../../context.ts'
import type { GatewayKeys } from '../keys/service.ts'

/**
 * Whose request a gateway passes on to this server. A gateway signs what it says; it is believed about the endpoints that its
 * own tenant publishes, while its key is valid, and for a few minutes: for the rest it is one more stranger.
 */
export interface Vouching {
  /** Who calls this endpoint, as the header says, or null when that is not to be believed. */
  clientOf(header: string, request: VouchedRequest & { endpointId: string }): Promise<VouchedClient | null>
}

interface Needs {
  /** The tenants that publish an endpoint. */
  publishersOf: (ctx: Context, endpointId: string) => Promise<string[]>
  keys: Pick<GatewayKeys, 'hashes'>
  clock: Clock
}

/** Clocks of two machines differ. */
const skewMsMax = 300_000
/** As for every other credential: within a second of its end nobody has it any more. */
const rememberedMs = 1_000
const endpointsMax = 10_000
const publishersMax = 100

interface Remembered {
  readMs: number
  signers: Promise<Map<string, Uint8Array>>
}

export function createVouching({ publishersOf, keys, clock }: Needs): Vouching {
  const remembered = new LRUCache<string, Remembered>({ max: endpointsMax })
  const ctx = systemContext('vouched clients')

  /** The keys of all gateways that may say something about this endpoint, by their prefix. */
  async function read(endpointId: string): Promise<Map<string, Uint8Array>> {
    const signers = new Map<string, Uint8Array>()
    for (const organizationId of (await publishersOf(ctx, endpointId)).slice(0, publishersMax)) {
      for (const { prefix, hash } of await keys.hashes({ ...ctx, organizationId }))
        signers.set(prefix, vouchingKey(hash))
    }
    return signers
  }

  function signersOf(endpointId: string): Promise<Map<string, Uint8Array>> {
    const known = remembered.get(endpointId)
    if (known !== undefined && clock.nowMs() - known.readMs < rememberedMs) return known.signers
    const entry = { readMs: clock.nowMs(), signers: read(endpointId) }
    remembered.set(endpointId, entry)
    entry.signers.catch(() => {
      if (remembered.get(endpointId) === entry) remembered.delete(endpointId)
    })
    return entry.signers
  }

  return {
    async clientOf(header, { endpointId, ...request }) {
      const said = readVouch(header)
      if (said === null || Math.abs(clock.nowMs() - said.atMs) > skewMsMax) return null
      const key = (await signersOf(endpointId)).get(said.keyPrefix)
      return key !== undefined && isVouched(key, said, request) ? said.client : null
    },
  }
}
