import { domainToASCII } from 'node:url'

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
const hostName = new RegExp(`^${label}(?:\\.${label})*$`)

/** A pattern in its one form (lower case, ASCII, no final dot), or null when it is none. */
export function parseDomainPattern(text: string): string | null {
  const trimmed = text.trim().toLowerCase()
  const isWildcard = trimmed.startsWith('*.')
  const name = normalizeHost(isWildcard ? trimmed.slice(2) : trimmed)
  if (name === null || name.length > 253 || !hostName.test(name)) return null
  if (!isWildcard) return name
  // `*.com` would admit half the world by a slip of the finger.
  return name.includes('.') ? `*.${name}` : null
}

/** `*.example.com` takes in example.com and everything below it. The cost does not grow with the number of patterns. */
export function createDomainMatcher(patterns: readonly string[]): (domain: string) => boolean {
  const exact = new Set<string>()
  const parents = new Set<string>()
  for (const text of patterns) {
    const pattern = parseDomainPattern(text)
    if (pattern === null) continue
    if (pattern.startsWith('*.')) parents.add(pattern.slice(2))
    else exact.add(pattern)
  }
  return (domain) => {
    if (exact.has(domain)) return true
    if (parents.size === 0) return false
    for (let start = 0; start !== -1; start = nextLabel(domain, start)) {
      if (parents.has(domain.slice(start))) return true
    }
    return false
  }
}

function nextLabel(domain: string, start: number): number {
  const dot = domain.indexOf('.', start)
  return dot === -1 ? -1 : dot + 1
}

/**
 * Where a request says it comes from: Origin, else Referer, else Host. One that is present and unusable (`Origin: null`
 * of a sandboxed page) names nobody; falling through to Host would let it in as ourselves.
 */
export function callerDomain(caller: {
  origin?: string | undefined
  referer?: string | undefined
  host?: string | undefined
}): string | null {
  if (caller.origin !== undefined && caller.origin !== '') return hostOf(caller.origin)
  if (caller.referer !== undefined && caller.referer !== '') return hostOf(caller.referer)
  return caller.host === undefined || caller.host === '' ? null : hostOf(`http://${caller.host}`)
}

function hostOf(address: string): string | null {
  const url = URL.parse(address)
  return url === null || url.hostname === '' ? null : normalizeHost(url.hostname)
}

function normalizeHost(host: string): string | null {
  const ascii = domainToASCII(host.endsWith('.') ? host.slice(0, -1) : host)
  return ascii === '' ? null : ascii.toLowerCase()
}
