/** A route's path pattern, taken apart. `/users` also takes `/users/7`; `:name` is one segment; a last `*` takes the rest. */
export interface PathPattern {
  /** Literal segments, decoded; null for a parameter. */
  segments: readonly (string | null)[]
  /** Ends in `*`: takes what lies below, not the path itself. */
  isTail: boolean
}

export function parsePattern(text: string): PathPattern {
  const parts = text.split('/').filter((part) => part !== '')
  const isTail = parts.at(-1) === '*'
  if (isTail) parts.pop()
  return { segments: parts.map((part) => (part.startsWith(':') ? null : decodeLiteral(part))), isTail }
}

function decodeLiteral(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // Not an escape: taken for what it says. No request can contain it.
    return part
  }
}
