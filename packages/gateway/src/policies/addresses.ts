import { BlockList, isIP, isIPv6 } from 'node:net'
import type { AddressRules } from '@holdfast/contracts/gateway/config'

/** Tells whether an address may come in: not denied, and allowed when anybody is. Null: everybody may. */
export type AddressGuard = (address: string) => boolean

/** Throws RangeError for a range that cannot be read: a rule that does not hold must not look as if it did. */
export function createAddressGuard(rules: AddressRules | null): AddressGuard | null {
  if (rules === null || (rules.allow.length === 0 && rules.deny.length === 0)) return null
  const allowed = rules.allow.length === 0 ? null : listOf(rules.allow)
  const denied = listOf(rules.deny)
  return (address) => {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    return !denied.check(address, family) && (allowed === null || allowed.check(address, family))
  }
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) addRange(list, range.trim())
  return list
}

function addRange(list: BlockList, range: string): void {
  const slash = range.indexOf('/')
  const address = slash === -1 ? range : range.slice(0, slash)
  const family = isIP(address)
  const bits = family === 6 ? 128 : 32
  const prefix = slash === -1 ? bits : Number(range.slice(slash + 1))
  if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > bits || range.endsWith('/')) {
    throw new RangeError(`${range} is neither an address nor a range such as 10.0.0.0/8.`)
  }
  list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4')
}
