import { z } from 'zod'

/**
 * Path patterns of gateway routes: `/users` takes `/users` and everything below it, `:name` is one segment, and a last
 * `*` is the rest of the path. Literal segments hold the characters of RFC 3986 §3.3; they are compared decoded.
 */
export const pathPatternLengthMax = 500
export const pathSegmentsMax = 32

const literal = /^(?:[A-Za-z0-9\-._~!$&'()+,;=@]|%[0-9A-Fa-f]{2})+$/
const parameter = /^:[A-Za-z_][A-Za-z0-9_]{0,39}$/

/** What is wrong with a pattern, or null. */
export function pathPatternMistake(pattern: string): string | null {
  if (!pattern.startsWith('/')) return 'must begin with /'
  const segments = segmentsOf(pattern)
  if (segments.length > pathSegmentsMax) return `must have at most ${pathSegmentsMax} segments`
  const names = segments.filter((segment) => segment.startsWith(':'))
  if (new Set(names).size < names.length) return 'must not name two parameters alike'
  for (const [index, segment] of segments.entries()) {
    if (segment === '*') {
      if (index < segments.length - 1) return 'may have * as its last segment only'
    } else if (segment === '.' || segment === '..') return 'must not hold . or .. as a segment'
    else if (!literal.test(segment) && !parameter.test(segment))
      return 'must be segments such as /users, :id or a last *, without empty ones, query or fragment'
  }
  return null
}

/** A final slash means nothing: `/users/` is `/users`. */
export function normalizePathPattern(pattern: string): string {
  return pattern.length > 1 && pattern.endsWith('/') ? pattern.slice(0, -1) : pattern
}

/** The same for two patterns that take the same paths: `/users/:id` and `/users/:name`. */
export function matchKeyOf(pattern: string): string {
  return `/${segmentsOf(pattern)
    .map((segment) => (segment.startsWith(':') ? ':' : encodeURIComponent(decoded(segment))))
    .join('/')}`
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // An escape of bytes that are no UTF-8: taken for what it says.
    return segment
  }
}

const segmentsOf = (pattern: string): string[] => {
  const path = normalizePathPattern(pattern).slice(1)
  return path === '' ? [] : path.split('/')
}

export const PathPattern = z
  .string()
  .max(pathPatternLengthMax)
  .regex(/^\/[A-Za-z0-9\-._~!$&'()+,;=@%:*/]*$/, 'must be a path such as /users/:id')
  .superRefine((pattern, ctx) => {
    const message = pathPatternMistake(pattern)
    if (message !== null) ctx.addIssue({ code: 'custom', message })
  })
  .overwrite(normalizePathPattern)
