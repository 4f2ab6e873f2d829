import type { NetworkAccess } from '@holdfast/contracts/builder/endpoint-groups'
import type { NetworkCaller, NetworkRules } from '../model.ts'
import { createAddressMatcher, parseRange } from './addresses.ts'
import { callerDomain, createDomainMatcher, parseDomainPattern } from './domains.ts'

/** What is wrong with rules that are to be saved; empty when nothing is. */
export function networkMistakes(access: NetworkAccess): string[] {
  return [
    ...access.allowedDomains
      .filter((text) => parseDomainPattern(text) === null)
      .map((text) => `Invalid domain pattern: "${text}"`),
    ...access.allowedIpRanges
      .filter((text) => parseRange(text) === null)
      .map((text) => `Invalid IP or CIDR range: "${text}"`),
  ]
}

/**
 * Which rules hold for an endpoint. Its own when they are on; with inheritance, those of its group when they are on,
 * added to its own. Null: no filter.
 */
export function effectiveNetworkAccess(
  own: NetworkAccess,
  group: NetworkAccess | null,
  inherits: boolean,
): NetworkAccess | null {
  const sources = [own, ...(inherits && group !== null ? [group] : [])].filter(({ enabled }) => enabled)
  if (sources.length === 0) return null
  return {
    enabled: true,
    allowedDomains: sources.flatMap(({ allowedDomains }) => allowedDomains),
    allowedIpRanges: sources.flatMap(({ allowedIpRanges }) => allowedIpRanges),
  }
}

/** Ready for the hot path. Only domains: the domain must match. Only addresses: the address. Both: either. None: no filter. */
export function compileNetworkRules(access: NetworkAccess | null): NetworkRules | null {
  if (access === null || !access.enabled) return null
  const { allowedDomains, allowedIpRanges } = access
  if (allowedDomains.length === 0 && allowedIpRanges.length === 0) return null
  const matchesAddress = createAddressMatcher(allowedIpRanges)
  const matchesDomain = createDomainMatcher(allowedDomains)
  return {
    allows(caller) {
      if (allowedIpRanges.length > 0 && matchesAddress(caller.ip)) return true
      if (allowedDomains.length === 0) return false
      const domain = callerDomain(caller)
      return domain !== null && matchesDomain(domain)
    },
  }
}

/** Whether these rules admit this caller. */
export function networkAllows(rules: NetworkRules | null, caller: NetworkCaller): boolean {
  return rules === null || rules.allows(caller)
}
