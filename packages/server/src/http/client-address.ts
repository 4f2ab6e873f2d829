import { isIP } from 'node:net'

/**
 * The address of the client behind `trustedHops` reverse proxies. Each trusted proxy appends the address it saw to
 * X-Forwarded-For, so the entry to believe is counted from the end; anything before it the client could have written.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trustedHops: number,
): string {
  const direct = plainAddress(socketAddress ?? '')
  if (trustedHops === 0 || forwardedFor === undefined) return direct
  const hops = forwardedFor.split(',').map((hop) => plainAddress(hop.trim()))
  const believed = hops[Math.max(0, hops.length - trustedHops)]
  return believed !== undefined && isIP(believed) !== 0 ? believed : direct
}

/** `::ffff:10.0.0.1` is the IPv4 address it maps (RFC 4291 §2.5.5.2). */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
