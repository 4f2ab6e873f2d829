import ipaddr from 'ipaddr.js'

/** Why an address is out of bounds, in the words of a sentence, or null when it may be reached. */
export type AddressVerdict = string | null

export interface AddressRules {
  /** `host` as it stands in the URL; `address` is what it resolved to. */
  refusal(host: string, address: string): AddressVerdict
}

/** Public by its number, and yet only for machines inside a cloud: the wire server of Azure. */
const cloudInternal = new Set(['168.63.129.16'])
/** Global unicast, the only IPv6 space that is assigned for the Internet (RFC 4291 §2.4, IANA registry). */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/**
 * Decides which addresses outgoing calls may reach. Only what is public on the Internet, unless `allowed` names the host
 * (`hooks.internal`, or `*.internal` for all below it), the address, or a range around it (`10.0.0.0/8`).
 */
export function createAddressRules(allowed: readonly string[]): AddressRules {
  const ranges = allowed.map(parseRange).filter((range) => range !== null)
  const hosts = allowed.filter((entry) => parseRange(entry) === null).map(normalHost)

  const isAllowedHost = (host: string) =>
    hosts.some((entry) => (entry.startsWith('*.') ? host.endsWith(entry.slice(1)) : host === entry))

  return {
    refusal(host, text) {
      if (isAllowedHost(normalHost(host))) return null
      const address = parseAddress(text)
      if (address === null) return 'is not an address'
      if (ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits)))
        return null
      return refusalOf(address)
    },
  }
}

function refusalOf(address: ipaddr.IPv4 | ipaddr.IPv6): AddressVerdict {
  const range = address.range()
  if (range === 'loopback' || range === 'unspecified') return 'is this machine itself'
  if (range === 'linkLocal' || cloudInternal.has(address.toString()))
    return 'is a link-local or cloud metadata address'
  if (range === 'private' || range === 'uniqueLocal' || range === 'carrierGradeNat')
    return 'is in a private network'
  if (range === 'multicast' || range === 'broadcast') return 'is a multicast address'
  if (range !== 'unicast') return 'is in a range that is not for the public Internet'
  if (address instanceof ipaddr.IPv6 && !address.match(...globalUnicast))
    return 'is in a range that is not for the public Internet'
  return null
}

/** Only what sockets understand as an address; `::ffff:10.0.0.1` is the IPv4 address in it (RFC 4291 §2.5.5.2). */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const bare = text.split('%', 1)[0] ?? ''
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare)
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return null
  return ipaddr.process(bare)
}

function parseRange(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null {
  const address = parseAddress(text)
  if (address !== null) return [address, address.kind() === 'ipv4' ? 32 : 128]
  return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : null
}

/** Without the brackets of an IPv6 literal and without the dot of the DNS root. */
export function normalHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
}
