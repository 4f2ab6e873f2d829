/** What a pattern takes beside itself: everything below it, nothing, or the ids of records and nothing else. */
export const pathMatches = ['prefix', 'exact', 'record'] as const
export type PathMatch = (typeof pathMatches)[number]

/** A route's path pattern, taken apart. `:name` is one segment; a last `*` takes the rest. */
export interface PathPattern {
  /** Literal segments, decoded; null for a parameter. */
  segments: readonly (string | null)[]
  /** Ends in `*`: takes what lies below, not the path itself. */
  isTail: boolean
  match: PathMatch
}

export function parsePattern(route: { pathPattern: string; pathMatch: PathMatch }): PathPattern {
  const parts = route.pathPattern.split('/').filter((part) => part !== '')
  const isTail = parts.at(-1) === '*'
  if (isTail) parts.pop()
  const segments = parts.map((part) => (part.startsWith(':') ? null : decodeLiteral(part)))
  return { segments, isTail, match: route.pathMatch }
}

function decodeLiteral(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // Not an escape: taken for what it says. No request can contain it.
    return part
  }
}
