/** How many levels of an object are looked at; what lies deeper is left out. */
const levelsMax = 12
const masked = '[secret]'

export type Mask = (value: unknown) => unknown

/**
 * Makes a function that copies a value with every property of these names replaced by `[secret]`, wherever it stands.
 * `new_password`, `newPassword` and `NEW-PASSWORD` are one name. Looks into plain objects, arrays and errors; an error
 * becomes an object with its type, message, stack and own properties.
 */
export function createMask(names: Iterable<string>): Mask {
  const secretNames = new Set([...names].map(normalised))

  function copy(value: unknown, level: number): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (level >= levelsMax) return '[too deep]'
    if (Array.isArray(value)) return value.map((item) => copy(item, level + 1))
    if (value instanceof Error) return properties(describeError(value), level)
    const prototype: unknown = Object.getPrototypeOf(value)
    return prototype === Object.prototype || prototype === null ? properties(value, level) : value
  }

  function properties(value: object, level: number): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [
        name,
        secretNames.has(normalised(name)) && isWorthMasking(child) ? masked : copy(child, level + 1),
      ]),
    )
  }

  return (value) => copy(value, 0)
}

/** A flag or an absence tells nothing, and readers want to see it. */
function isWorthMasking(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'boolean'
}

function normalised(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

/** With the causes, whose properties may hold secrets too. */
function describeError(error: Error): Record<string, unknown> {
  const { message, stack, cause } = error
  const own = Object.entries(error)
  return {
    type: error.constructor.name,
    message,
    stack,
    ...Object.fromEntries(own),
    ...(cause !== undefined && { cause }),
  }
}
