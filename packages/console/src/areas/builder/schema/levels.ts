import type { Draft } from './draft.ts'

/** How deep every field stands, by key; the top level is 1. */
export function levelsOf(draft: Draft, level = 1): Map<string, number> {
  return new Map(
    draft.flatMap((field) => [[field.key, level] as const, ...levelsOf(field.children, level + 1)]),
  )
}
