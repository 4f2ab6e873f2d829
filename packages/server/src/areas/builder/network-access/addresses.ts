import ipaddr from 'ipaddr.js'

/** An address as its family and number. `::ffff:10.0.0.1` is the IPv4 address 10.0.0.1 (RFC 4291 §2.5.5.2). */
interface Address {
  readonly isV4: boolean
  readonly number: bigint
}

/** Tells whether an address lies in one of many ranges; the cost grows with the prefix lengths in use, not with the ranges. */
export type AddressMatcher = (ip: string) => boolean

/** Ranges that share family and prefix length; an address is in one of them when its beginning is in the set. */
interface PrefixTable {
  readonly isV4: boolean
  readonly shift: bigint
  readonly beginnings: Set<bigint>
}

/** Null when `text` is neither an address nor a range in CIDR notation (RFC 4632, RFC 4291 §2.3). */
export function parseRange(text: string): { address: Address; prefixLength: number } | null {
  const [, addressText, lengthText] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  if (addressText === undefined) return null
  const isMapped = isMappedText(addressText)
  const address = parseAddress(addressText)
  if (address === null) return null
  const bits = address.isV4 ? 32 : 128
  if (lengthText === undefined) return { address, prefixLength: bits }
  const prefixLength = Number(lengthText) - (isMapped ? 96 : 0)
  return prefixLength >= 0 && prefixLength <= bits ? { address, prefixLength } : null
}

export function createAddressMatcher(ranges: readonly string[]): AddressMatcher {
  const tables = new Map<string, PrefixTable>()
  for (const text of ranges) {
    const range = parseRange(text)
    if (range === null) continue
    const { address, prefixLength } = range
    const shift = BigInt((address.isV4 ? 32 : 128) - prefixLength)
    const key = `${address.isV4 ? 4 : 6}/${prefixLength}`
    const table = tables.get(key) ?? { isV4: address.isV4, shift, beginnings: new Set() }
    table.beginnings.add(address.number >> shift)
    tables.set(key, table)
  }
  const list = [...tables.values()]
  return (ip) => {
    const address = parseAddress(ip)
    if (address === null) return false
    return list.some(
      (table) => table.isV4 === address.isV4 && table.beginnings.has(address.number >> table.shift),
    )
  }
}

function parseAddress(text: string): Address | null {
  // A zone (fe80::1%eth0) says which of our own interfaces; it is no part of the address.
  const bare = text.split('%', 1)[0] ?? ''
  if (ipaddr.IPv4.isValidFourPartDecimal(bare))
    return { isV4: true, number: toNumber(ipaddr.IPv4.parse(bare).toByteArray()) }
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return null
  const address = ipaddr.IPv6.parse(bare)
  if (address.isIPv4MappedAddress())
    return { isV4: true, number: toNumber(address.toIPv4Address().toByteArray()) }
  return { isV4: false, number: toNumber(address.toByteArray()) }
}

function isMappedText(text: string): boolean {
  return text.includes(':') && ipaddr.IPv6.isValid(text) && ipaddr.IPv6.parse(text).isIPv4MappedAddress()
}

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
}
