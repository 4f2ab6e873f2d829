import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { LimitKey } from './window-table.ts'

/** The key of a consumer, a member or a route; the same in every thread. */
export function limitKey(kind: string, id: string): LimitKey {
  const digest = createHash('sha256').update(`${kind}\0${id}`).digest()
  return { a: digest.readInt32LE(0), b: digest.readInt32LE(4), c: digest.readInt32LE(8) }
}

/** The key of this caller on this route. */
export function keyOnRoute(caller: LimitKey, route: LimitKey): LimitKey {
  return { a: caller.a ^ route.a, b: caller.b ^ route.b, c: caller.c ^ route.c }
}

const addressesMax = 10_000

/** Keys of addresses. One IPv6 customer usually has a /64 to choose from, so that counts as one address. */
export function createAddressKeys(): (address: string) => LimitKey {
  const known = new LRUCache<string, LimitKey>({ max: addressesMax })
  return (address) => {
    const found = known.get(address)
    if (found !== undefined) return found
    const key = limitKey('address', address.includes(':') ? network64(address) : address)
    known.set(address, key)
    return key
  }
}

function network64(address: string): string {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right]
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')
}
