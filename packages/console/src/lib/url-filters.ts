import { useNavigate, useSearch } from '@tanstack/react-router'

export interface UrlFilters<Name extends string> {
  values: Readonly<Partial<Record<Name, string>>>
  /** Sets one or several; undefined or empty text takes a filter away. The address is replaced, not stacked. */
  set: (changes: Partial<Record<Name, string | undefined>>) => void
  clear: () => void
  /** Whether anything is filtered, so that an empty list can say which kind of empty it is. */
  active: boolean
}

/** The filters of a list, kept in the address: they can be bookmarked, shared, and survive a reload. */
export function useUrlFilters<Name extends string>(names: readonly Name[]): UrlFilters<Name> {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const values: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const value = search[name]
    if (typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value)) {
      values[name] = String(value)
    }
  }

  const set = (changes: Partial<Record<Name, string | undefined>>) => {
    const next: Record<string, unknown> = { ...search }
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === '') delete next[name]
      else next[name] = value
    }
    void navigate({ to: '.', search: next, replace: true })
  }

  return {
    values,
    set,
    clear: () =>
      set(Object.fromEntries(names.map((name) => [name, undefined])) as Partial<Record<Name, undefined>>),
    active: Object.keys(values).length > 0,
  }
}
