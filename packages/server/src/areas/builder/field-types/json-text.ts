/** Levels of nesting that a free JSON value may have; far below what would exhaust the stack when it is written. */
const depthMax = 100

/** What PostgreSQL cannot read back out of a JSON text: the NUL character and halves of surrogate pairs. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** Why a free JSON value cannot be stored, or null. */
export function jsonObstacle(value: unknown, depth = 0): string | null {
  if (typeof value === 'string')
    return isStorableText(value) ? null : 'must not hold broken or NUL characters'
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : 'must not hold a number beyond what JSON can carry'
  if (typeof value !== 'object' || value === null) return null
  if (depth >= depthMax) return `must not nest more than ${depthMax} levels deep`
  for (const [name, item] of Object.entries(value)) {
    const obstacle =
      (isStorableText(name) ? null : 'must not hold broken or NUL characters') ??
      jsonObstacle(item, depth + 1)
    if (obstacle !== null) return obstacle
  }
  return null
}
