import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/**
 * How a gateway tells the control plane whose request it passes on. It signs what it says with a key that follows from its
 * gateway key, of which the control plane keeps the SHA-256: nobody else can say it, and it holds for this one request
 * and a short time. Layout of the header, joined by blanks: prefix of the gateway key, Unix seconds, address, host (`-`:
 * none), HMAC-SHA256 in base64url.
 */
export const vouchedClientHeader = 'x-holdfast-client'

export interface VouchedClient {
  address: string
  /** Lower case, without a port; null when the request named none. */
  host: string | null
}

export interface Voucher {
  /** First characters of the gateway key, by which the control plane finds it. */
  keyPrefix: string
  /** `vouchingKey` of it. */
  key: Uint8Array
}

/** As it arrives at the control plane; the path without a query. */
export interface VouchedRequest {
  method: string
  path: string
}

export interface Vouch {
  keyPrefix: string
  atMs: number
  client: VouchedClient
  signature: string
}

const lengthMax = 600

/** `keyHash` is the SHA-256 of the whole gateway key. HKDF-SHA256 (RFC 5869), so that the hash itself is never used. */
export function vouchingKey(keyHash: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', keyHash, 'holdfast', 'vouched client', 32))
}

export function vouch(
  voucher: Voucher,
  client: VouchedClient,
  request: VouchedRequest,
  atMs: number,
): string {
  const said = [String(Math.floor(atMs / 1_000)), client.address, client.host ?? '-']
  return [voucher.keyPrefix, ...said, sign(voucher.key, said, request).toString('base64url')].join(' ')
}

/** Null for what nobody of ours has written. Nothing of it is true before `isVouched` says so. */
export function readVouch(header: string): Vouch | null {
  if (header.length > lengthMax) return null
  const [keyPrefix, seconds, address, host, signature, ...rest] = header.split(' ')
  if (!keyPrefix || !seconds || !address || !host || !signature || rest.length > 0) return null
  if (!/^\d{1,12}$/.test(seconds)) return null
  const client = { address, host: host === '-' ? null : host }
  return { keyPrefix, atMs: Number(seconds) * 1_000, client, signature }
}

/** Whether the holder of this key has said it about this request. Compares in constant time. */
export function isVouched(
  key: Uint8Array,
  { atMs, client, signature }: Vouch,
  request: VouchedRequest,
): boolean {
  const expected = sign(key, [String(atMs / 1_000), client.address, client.host ?? '-'], request)
  const given = Buffer.from(signature, 'base64url')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function sign(key: Uint8Array, said: readonly string[], { method, path }: VouchedRequest): Buffer {
  return createHmac('sha256', key)
    .update([...said, method, path].join('\n'))
    .digest()
}
