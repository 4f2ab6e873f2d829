import type { CorsPolicy } from '@holdfast/contracts/gateway/config'

/** A route's CORS policy, ready to answer (Fetch Standard §3.2). */
export interface CompiledCors {
  /** Headers, flat, for the answer to a preflight; null when the origin or what it asks for is not allowed. */
  preflight(origin: string, method: string, headers: string | null): string[] | null
  /** Headers, flat, for any other answer. */
  answer(origin: string | null): string[]
}

export function compileCors(policy: CorsPolicy): CompiledCors {
  const allowsAll = policy.origins.includes('*')
  const exact = new Set(policy.origins.map((origin) => origin.toLowerCase()))
  const suffixes = policy.origins.filter((origin) => origin.startsWith('*.')).map((origin) => origin.slice(1))
  const allowedHeaders = new Set(policy.headers.map((name) => name.toLowerCase()))
  const exposed = policy.exposed.join(', ')

  const allows = (origin: string): boolean => {
    if (allowsAll) return true
    const text = origin.toLowerCase()
    if (exact.has(text)) return true
    const host = /^https?:\/\/([^/:]+)(?::\d+)?$/.exec(text)?.[1]
    return host !== undefined && suffixes.some((suffix) => host.endsWith(suffix))
  }
  const origins = (origin: string): string[] => {
    const common = allowsAll
      ? ['access-control-allow-origin', '*']
      : ['access-control-allow-origin', origin, 'vary', 'Origin']
    return policy.credentials ? [...common, 'access-control-allow-credentials', 'true'] : common
  }

  return {
    preflight(origin, method, headers) {
      if (!allows(origin) || !policy.methods.includes(method)) return null
      const asked = (headers ?? '').split(',').map((name) => name.trim().toLowerCase())
      const isOpen = allowedHeaders.size === 0
      if (!isOpen && asked.some((name) => name !== '' && !allowedHeaders.has(name))) return null
      const answer = [...origins(origin), 'access-control-allow-methods', policy.methods.join(', ')]
      const named = isOpen ? (headers ?? '') : policy.headers.join(', ')
      if (named !== '') answer.push('access-control-allow-headers', named)
      answer.push('access-control-max-age', String(policy.maxAgeSeconds))
      return answer
    },
    answer(origin) {
      if (origin === null || !allows(origin)) return allowsAll ? [] : ['vary', 'Origin']
      const headers = origins(origin)
      return exposed === '' ? headers : [...headers, 'access-control-expose-headers', exposed]
    },
  }
}
