import type { NetworkAccess } from '@holdfast/contracts/builder/endpoint-groups'

/** What a call has to meet; null is no filter. Domains and addresses together: either is enough. */
export interface EffectiveNetworkRules {
  domains: string[]
  ranges: string[]
  /** Whose rules these are. */
  from: 'endpoint' | 'group' | 'both'
}

/**
 * The rules that hold in the end (reference 000, network access): an endpoint without its own follows its group if it
 * inherits; with its own and inheriting, both are added; enabled rules that list nothing filter nothing.
 */
export function effectiveRules(
  own: NetworkAccess,
  inherits: boolean,
  group: NetworkAccess | null,
): EffectiveNetworkRules | null {
  const fromGroup = inherits && group?.enabled ? group : null
  const fromOwn = own.enabled ? own : null
  const rules = [fromOwn, fromGroup].filter((one) => one !== null)
  const domains = [...new Set(rules.flatMap((one) => one.allowedDomains))]
  const ranges = [...new Set(rules.flatMap((one) => one.allowedIpRanges))]
  if (domains.length === 0 && ranges.length === 0) return null
  return { domains, ranges, from: fromOwn && fromGroup ? 'both' : fromOwn ? 'endpoint' : 'group' }
}
