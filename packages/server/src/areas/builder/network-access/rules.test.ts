import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileNetworkRules, effectiveNetworkAccess, networkAllows, networkMistakes } from './rules.ts'

const access = (allowedDomains: string[], allowedIpRanges: string[], enabled = true) => ({
  enabled,
  allowedDomains,
  allowedIpRanges,
})
const allows = (
  rules: ReturnType<typeof access>,
  caller: { ip: string; origin?: string; referer?: string; host?: string },
) => networkAllows(compileNetworkRules(rules), caller)
const ip = '198.51.100.7'

describe('network rules', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['203.0.113.50', '203.0.113.50', true],
    ['203.0.113.50', '203.0.113.51', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['10.0.0.0/8', '::ffff:10.1.1.1', true],
    ['::ffff:10.0.0.0/104', '10.1.1.1', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:DB8::1', '2001:0db8:0:0:0:0:0:1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['10.0.0.0/8', 'not an address', false],
  ])('range %s and address %s: %s', (range, address, expected) => {
    expect(allows(access([], [range]), { ip: address, host: 'api.example.com' })).toBe(expected)
  })

  it.each([
    ['app.example.com', { origin: 'https://app.example.com' }, true],
    ['app.example.com', { origin: 'https://APP.example.com:8443' }, true],
    ['app.example.com', { origin: 'https://example.com' }, false],
    ['*.example.com', { origin: 'https://a.b.example.com' }, true],
    ['*.example.com', { origin: 'https://example.com' }, true],
    ['*.example.com', { origin: 'https://badexample.com' }, false],
    ['*.example.com', { origin: 'https://example.com.evil.net' }, false],
    ['localhost', { host: 'localhost:3000' }, true],
    ['app.example.com', { referer: 'https://app.example.com/page?x=1' }, true],
    ['app.example.com', { origin: 'https://evil.net', referer: 'https://app.example.com/' }, false],
    ['app.example.com', { origin: 'null', host: 'app.example.com' }, false],
    ['app.example.com', {}, false],
    ['bücher.example', { origin: 'https://xn--bcher-kva.example' }, true],
  ])('domain %s and %j: %s', (domain, caller, expected) => {
    expect(allows(access([domain], []), { ip, ...caller })).toBe(expected)
  })

  it('with domains and addresses either suffices, and neither refuses', () => {
    const both = access(['app.example.com'], ['10.0.0.0/8'])
    expect(allows(both, { ip: '10.0.0.1' })).toBe(true)
    expect(allows(both, { ip, origin: 'https://app.example.com' })).toBe(true)
    expect(allows(both, { ip, origin: 'https://evil.net' })).toBe(false)
  })

  it('enabled without any entry does not filter', () => {
    expect(allows(access([], []), { ip })).toBe(true)
  })

  it.each([
    [false, true, ['group']],
    [true, true, ['own', 'group']],
    [true, false, ['own']],
    [false, false, null],
  ])('endpoint on=%s, inherits=%s: the rules of %j hold', (isOn, inherits, expected) => {
    const rules = effectiveNetworkAccess(access(['own'], [], isOn), access(['group'], []), inherits)
    expect(rules?.allowedDomains ?? null).toEqual(expected)
  })

  it('rules of a group that are switched off are not inherited', () => {
    expect(effectiveNetworkAccess(access([], [], false), access(['group'], [], false), true)).toBeNull()
  })

  it('names everything that is not a domain or a range', () => {
    expect(
      networkMistakes(
        access(
          ['*', '*.com', 'http://x', 'a..b', 'ok.example', '*.ok.example', 'localhost'],
          ['10.0.0.0/33', '10.0.0', '::1/129', '010.0.0.1', '10.0.0.1', '::1'],
        ),
      ),
    ).toEqual([
      'Invalid domain pattern: "*"',
      'Invalid domain pattern: "*.com"',
      'Invalid domain pattern: "http://x"',
      'Invalid domain pattern: "a..b"',
      'Invalid IP or CIDR range: "10.0.0.0/33"',
      'Invalid IP or CIDR range: "10.0.0"',
      'Invalid IP or CIDR range: "::1/129"',
      'Invalid IP or CIDR range: "010.0.0.1"',
    ])
  })

  it('an IPv4 address is in a range exactly when their first bits agree', () => {
    const bits = (address: string) =>
      address
        .split('.')
        .map((part) => Number(part).toString(2).padStart(8, '0'))
        .join('')
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV4(), (base, length, address) => {
        const expected = bits(base).slice(0, length) === bits(address).slice(0, length)
        expect(allows(access([], [`${base}/${length}`]), { ip: address })).toBe(expected)
        expect(allows(access([], [`${base}/${length}`]), { ip: `::ffff:${address}` })).toBe(expected)
      }),
    )
  })

  it('an address is in its own range, and no header makes the check throw', () => {
    const ipV6 = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
      .map((parts) => parts.map((part) => part.toString(16)).join(':'))
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), ipV6), (address) => {
        expect(allows(access([], [address]), { ip: address })).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (origin, referer, host) => {
        expect(allows(access(['a.example'], []), { ip, origin, referer, host })).toBe(false)
      }),
    )
  })
})
