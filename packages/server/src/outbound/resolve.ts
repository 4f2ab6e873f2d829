import { Resolver, lookup } from 'node:dns/promises'

export interface ResolvedAddress {
  address: string
  family: 4 | 6
}

/** All addresses of a name; throws when there are none. */
export type Resolve = (host: string) => Promise<ResolvedAddress[]>

/** What a name server says when a name has no such record, or when there is no name server. */
const askTheSystem = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED', 'ESERVFAIL', 'EBADNAME'])

/**
 * Asks name servers directly, and the system (hosts file, local names) only for what they do not know. The system's own
 * resolver would block one of the few threads that everything else in the process shares, for as long as a stranger's
 * name server likes.
 */
export function createResolve({ timeoutMs = 3_000 }: { timeoutMs?: number } = {}): Resolve {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 })

  return async (host) => {
    if (!host.includes('.') || host.endsWith('.localhost')) return bySystem(host)
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const addresses: ResolvedAddress[] = [
      ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 as const })) : []),
      ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 as const })) : []),
    ]
    if (addresses.length > 0) return addresses
    const failure: unknown = four.status === 'rejected' ? four.reason : undefined
    if (askTheSystem.has(codeOf(failure))) return bySystem(host)
    throw failure
  }
}

async function bySystem(host: string): Promise<ResolvedAddress[]> {
  const found = await lookup(host, { all: true, verbatim: true })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
