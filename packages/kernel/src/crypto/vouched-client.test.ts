import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isVouched, readVouch, vouch, vouchingKey } from './vouched-client.ts'

const keyOf = (text: string) => vouchingKey(createHash('sha256').update(text).digest())
const voucher = { keyPrefix: 'hfg_0123456789ab', key: keyOf('hfg_0123456789abcdef') }
const client = { address: '203.0.113.7', host: 'api.example.com' }
const request = { method: 'GET', path: '/api/products' }
const atMs = 1_795_290_000_000

function believed(header: string, key = voucher.key, asked = request): unknown {
  const said = readVouch(header)
  return said !== null && isVouched(key, said, asked) ? said.client : null
}

describe('what a gateway says about a client', () => {
  it('is believed as it was said', () => {
    const addresses = fc.oneof(fc.ipV4(), fc.ipV6())
    const hosts = fc.constantFrom(null, 'localhost', 'api.example.com', '[::1]')
    fc.assert(
      fc.property(addresses, hosts, fc.constantFrom('/', '/a/b', '/%20'), (address, host, path) => {
        const asked = { method: 'GET', path }
        const header = vouch(voucher, { address, host }, asked, atMs)
        expect(believed(header, voucher.key, asked)).toEqual({ address, host })
        expect(readVouch(header)).toMatchObject({ keyPrefix: voucher.keyPrefix, atMs })
      }),
    )
  })

  it('is not believed of another key, of another request, or with a letter changed', () => {
    const header = vouch(voucher, client, request, atMs)
    expect(believed(header)).toEqual(client)
    expect(believed(header, keyOf('another'))).toBeNull()
    expect(believed(header, voucher.key, { ...request, method: 'POST' })).toBeNull()
    expect(believed(header, voucher.key, { ...request, path: '/api/products/costs' })).toBeNull()
    const words = header.split(' ')
    for (const index of [1, 2, 3])
      expect(believed(words.with(index, `9${words[index]?.slice(1)}`).join(' '))).toBeNull()
    expect(believed(words.with(4, '').join(' '))).toBeNull()
  })

  it('no text makes reading it throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(believed(text)).toBeNull()
      }),
    )
  })
})
