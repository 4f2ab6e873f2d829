import { isIPv6 } from 'node:net'

/** Addresses of a translator (RFC 6052 §2.1): each is one IPv4 client, although they share a prefix. */
const translatedPrefix = '64:ff9b::'
const groupsMax = 8
const networkGroups = 4

/**
 * What one client has to itself, for counting: an IPv4 address, or the /64 of an IPv6 address (RFC 6177, RFC 4291
 * §2.5.4), in which every machine may choose a new address at every moment. Anything else comes back as it is.
 */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) return address
  const plain = address.toLowerCase().split('%', 1)[0] ?? ''
  if (plain.startsWith(translatedPrefix)) return plain
  const groups = groupsOf(plain.replace(/(\d+\.){3}\d+$/, '0:0'))
  const network = groups.slice(0, networkGroups).map((group) => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}

/** All eight, with the zeros that `::` stands for. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  if (tail === undefined) return before
  const after = tail === '' ? [] : tail.split(':')
  return [...before, ...Array<string>(groupsMax - before.length - after.length).fill('0'), ...after]
}
