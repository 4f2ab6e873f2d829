import { describe, expect, it } from 'vitest'
import { effectiveRules } from './network-rules.ts'

const rules = (enabled: boolean, allowedDomains: string[], allowedIpRanges: string[] = []) => ({
  enabled,
  allowedDomains,
  allowedIpRanges,
})

describe('network rules in the end', () => {
  const own = rules(true, ['a.example'])
  const off = rules(false, ['a.example'])
  const group = rules(true, ['b.example'], ['10.0.0.0/8'])

  it.each([
    [
      'without its own it follows its group',
      off,
      true,
      { domains: ['b.example'], ranges: ['10.0.0.0/8'], from: 'group' },
    ],
    [
      'with its own and inheriting both are added',
      own,
      true,
      { domains: ['a.example', 'b.example'], ranges: ['10.0.0.0/8'], from: 'both' },
    ],
    [
      'with its own and not inheriting only its own hold',
      own,
      false,
      { domains: ['a.example'], ranges: [], from: 'endpoint' },
    ],
    ['without either there is no filter', off, false, null],
    ['rules that list nothing filter nothing', rules(true, []), false, null],
  ])('%s', (_, endpoint, inherits, expected) => {
    expect(effectiveRules(endpoint, inherits, group)).toEqual(expected)
  })

  it('a group that is off, or none, adds nothing', () => {
    expect(effectiveRules(off, true, { ...group, enabled: false })).toBeNull()
    expect(effectiveRules(off, true, null)).toBeNull()
  })
})
