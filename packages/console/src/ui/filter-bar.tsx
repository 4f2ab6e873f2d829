import { Search, X } from 'lucide-react'
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react'
import type { UrlFilters } from '../lib/url-filters.ts'
import { Button } from './button.tsx'
import { Input, type InputProps } from './input.tsx'
import { Select, type SelectOption } from './select.tsx'

const typingPauseMs = 250
/** The select has no empty value, so "all" is a word that no filter uses. */
const all = ':all'

export interface SelectFilter<Name extends string> {
  name: Name
  label: string
  /** What no filter is called: "Any status". */
  allLabel: string
  options: ReadonlyArray<SelectOption<string>>
}

export interface TextFilter<Name extends string> {
  name: Name
  /** Stands in the field while it is empty, and names it. */
  label: string
}

export interface FilterBarProps<Name extends string> {
  filters: UrlFilters<Name>
  /** The filter that takes free text, and what it looks through. */
  search?: { name: Name; placeholder: string }
  /** Filters that take a whole text, such as a name or an id. */
  texts?: ReadonlyArray<TextFilter<Name>>
  selects?: ReadonlyArray<SelectFilter<Name>>
  children?: ReactNode
}

/** The filters of a list in one row. Every setting is in the address. `/` moves the focus to the search. */
export function FilterBar<Name extends string>({
  filters,
  search,
  texts = [],
  selects = [],
  children,
}: FilterBarProps<Name>) {
  return (
    <div className="mb-1 flex flex-wrap items-center gap-2" role="search" aria-label="Filters">
      {search && (
        <SearchFilter
          value={filters.values[search.name] ?? ''}
          placeholder={search.placeholder}
          onChange={(value) => filters.set({ [search.name]: value } as Partial<Record<Name, string>>)}
        />
      )}
      {texts.map(({ name, label }) => (
        <TypedFilter
          key={name}
          className="w-full sm:w-40"
          aria-label={label}
          placeholder={label}
          value={filters.values[name] ?? ''}
          onChange={(value) => filters.set({ [name]: value } as Partial<Record<Name, string>>)}
        />
      ))}
      {selects.map((select) => (
        <Select
          key={select.name}
          aria-label={select.label}
          className="w-auto max-w-56 min-w-32"
          value={filters.values[select.name] ?? all}
          options={[{ value: all, label: select.allLabel }, ...select.options]}
          onChange={(value) =>
            filters.set({ [select.name]: value === all ? undefined : value } as Partial<Record<Name, string>>)
          }
        />
      ))}
      {children}
      {filters.active && (
        <Button kind="quiet" icon={X} onClick={filters.clear}>
          Clear
        </Button>
      )}
    </div>
  )
}

interface TypedFilterProps extends Omit<InputProps, 'onChange' | 'value'> {
  value: string
  onChange: (value: string) => void
}

/** Applies what is typed once the typing pauses. */
function TypedFilter({ value, onChange, ...rest }: TypedFilterProps) {
  const [typed, setTyped] = useState(value)
  const [seen, setSeen] = useState(value)
  // The address changed under us (Clear, or the back button): follow it.
  if (seen !== value) {
    setSeen(value)
    setTyped(value)
  }
  const apply = useEffectEvent(() => {
    if (typed !== value) onChange(typed)
  })
  useEffect(() => {
    const timer = setTimeout(() => apply(), typingPauseMs)
    return () => clearTimeout(timer)
  }, [typed])
  return <Input {...rest} value={typed} onChange={(event) => setTyped(event.target.value)} />
}

function SearchFilter(props: { value: string; placeholder: string; onChange: (value: string) => void }) {
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || (event.target as Element).closest('input, textarea, [contenteditable]')) return
      event.preventDefault()
      document.querySelector<HTMLInputElement>('[data-page-search]')?.focus()
    }
    window.addEventListener('keydown', focus)
    return () => window.removeEventListener('keydown', focus)
  }, [])

  return (
    <TypedFilter
      {...props}
      data-page-search
      type="search"
      icon={Search}
      className="w-full sm:w-72"
      aria-label={props.placeholder}
    />
  )
}
