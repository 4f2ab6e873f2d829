/**
 * The first sentence among the errors of a field that is an object or a list; with `own`, only what concerns it as a
 * whole. React Hook Form keeps errors in the shape of the value, with `message` where there is one.
 */
export function messageOf(error: unknown, { own = false }: { own?: boolean } = {}): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('message' in error && typeof error.message === 'string') return error.message
  if (own) return 'root' in error ? messageOf(error.root) : undefined
  for (const [name, value] of Object.entries(error)) {
    if (name === 'ref') continue
    const found = messageOf(value)
    if (found !== undefined) return found
  }
  return undefined
}
