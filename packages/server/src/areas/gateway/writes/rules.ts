import { isDeepStrictEqual } from 'node:util'

/** `before` with the properties that `change` names; undefined ones are not named. */
export function withChange<T extends object>(before: T, change: { [K in keyof T]?: T[K] | undefined }): T {
  const named = Object.entries(change).filter(([, value]) => value !== undefined)
  return { ...before, ...Object.fromEntries(named) }
}

/** Names of the properties that differ, without the time of the change. */
export function changedFields<T extends object>(before: T, after: T): string[] {
  return Object.keys(after).filter(
    (name) => name !== 'updatedAt' && !isDeepStrictEqual(before[name as keyof T], after[name as keyof T]),
  )
}
