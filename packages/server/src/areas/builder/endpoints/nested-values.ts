import type { KeyStep, StoredBody } from '../model.ts'
import type { StoredField } from './stored.ts'

/** Where the objects stand that hold a field's values: the keys of the fields around it, from the top. Empty: the body itself. */
export function holderPath(parents: readonly StoredField[]): KeyStep[] {
  return parents.flatMap(({ key, type }): KeyStep[] => (type === 'array' ? [{ key }, 'items'] : [{ key }]))
}

/**
 * Puts what `change` makes of them in the place of the objects at `path`. Answers null when none of them changed;
 * `value` itself is left as it is.
 */
export function changeHolders(
  value: unknown,
  path: readonly KeyStep[],
  change: (holder: StoredBody) => StoredBody | null,
): unknown {
  const [step, ...rest] = path
  if (step === 'items') {
    if (!Array.isArray(value)) return null
    const items = value.map((item: unknown) => changeHolders(item, rest, change))
    return items.every((item) => item === null)
      ? null
      : items.map((item, index) => item ?? (value[index] as unknown))
  }
  if (!isHolder(value)) return null
  if (step === undefined) return change(value)
  const inner = changeHolders(value[step.key], rest, change)
  return inner === null ? null : { ...value, [step.key]: inner }
}

export function isHolder(value: unknown): value is StoredBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
