import { describe, expect, it } from 'vitest'
import { clientNetwork } from './client-network.ts'

describe('the network that a client is counted by', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['unknown', 'unknown'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::2:0:0:0:1', '2001:db8:0:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1::2:3:4:5:192.0.2.7', '1:0:2:3::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b::192.0.2.7'],
  ])('%s is counted as %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network)
  })
})
