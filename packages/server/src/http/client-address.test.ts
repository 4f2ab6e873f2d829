import { describe, expect, it } from 'vitest'
import { clientAddress } from './client-address.ts'

describe('the client address', () => {
  it.each([
    ['no proxy is trusted: the header is a claim', '198.51.100.7', '10.0.0.1', 0, '198.51.100.7'],
    ['one proxy: its own entry is the last one', '10.0.0.2', '203.0.113.9, 198.51.100.7', 1, '198.51.100.7'],
    [
      'two proxies: the entry before the last',
      '10.0.0.2',
      '1.1.1.1, 203.0.113.9, 10.0.0.3',
      2,
      '203.0.113.9',
    ],
    ['fewer entries than proxies: the first one', '10.0.0.2', '203.0.113.9', 3, '203.0.113.9'],
    ['an entry that is no address is not believed', '10.0.0.2', 'unknown', 1, '10.0.0.2'],
    ['an IPv4 address mapped into IPv6 is the IPv4 address', '::ffff:192.0.2.4', undefined, 0, '192.0.2.4'],
    ['IPv6 stays what it is', '2001:db8::1', undefined, 1, '2001:db8::1'],
  ])('%s', (_promise, socket, forwarded, hops, expected) => {
    expect(clientAddress(socket, forwarded, hops)).toBe(expected)
  })
})
