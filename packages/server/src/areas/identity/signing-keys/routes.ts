import { jwks } from '@holdfast/contracts/identity/jwks'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'
import { publishedAheadMs, type SigningKeys } from './service.ts'

export function bindSigningKeys(keys: Pick<SigningKeys, 'publicKeys'>): BoundRoute[] {
  const cacheControl = `public, max-age=${publishedAheadMs / 2_000}`
  return [
    handle(
      jwks,
      async () => new Reply(await keys.publicKeys(), { headers: { 'cache-control': cacheControl } }),
    ),
  ]
}
