/** A list of named things, each with one owner: permissions, problems, events, jobs, audit actions, settings. */
export type Catalogue<T> = ReadonlyMap<string, T>

/** Merges lists into one catalogue and refuses a name that stands twice. */
export function catalogue<T extends { name: string }>(
  what: string,
  ...lists: readonly (readonly T[])[]
): Catalogue<T> {
  const merged = new Map<string, T>()
  for (const entry of lists.flat()) {
    if (merged.has(entry.name)) throw new Error(`The ${what} "${entry.name}" is declared twice.`)
    merged.set(entry.name, entry)
  }
  return merged
}
