import { isIP } from 'node:net'

/** `::ffff:10.0.0.1`, as dual-stack sockets write it, is the IPv4 address 10.0.0.1 (RFC 4291 §2.5.5.2). */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/**
 * Who sent the request: the entry of `X-Forwarded-For` that the outermost of our own proxies wrote. Entries further left
 * were written by whoever, and are not believed.
 */
export function clientAddress(peer: string, forwardedFor: string | null, trustedProxies: number): string {
  if (trustedProxies === 0 || forwardedFor === null) return plainAddress(peer)
  const entries = forwardedFor.split(',')
  const text = (entries[entries.length - Math.min(trustedProxies, entries.length)] ?? '').trim()
  return isIP(text) === 0 ? plainAddress(peer) : plainAddress(text)
}
