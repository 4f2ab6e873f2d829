import type { ProblemDetail } from '@holdfast/contracts/kit/problem'

/**
 * Names the first text in `value` that PostgreSQL cannot store: one with U+0000, or with half of a surrogate pair (which
 * jsonb refuses). Walks without recursion, because a body may be nested deeper than the stack.
 */
export function unstorableText(value: unknown, path: string): ProblemDetail[] {
  const open: { value: unknown; path: string }[] = [{ value, path }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const message = typeof next.value === 'string' ? obstacle(next.value) : null
    if (message !== null) return [{ path: next.path, message }]
    if (typeof next.value !== 'object' || next.value === null) continue
    for (const [name, item] of Object.entries(next.value)) {
      const nameMessage = obstacle(name)
      if (nameMessage !== null) return [{ path: next.path, message: nameMessage }]
      open.push({ value: item, path: `${next.path}.${name}` })
    }
  }
  return []
}

function obstacle(text: string): string | null {
  if (text.includes('\0')) return 'must not contain U+0000'
  return text.isWellFormed() ? null : 'must not contain half of a surrogate pair'
}
