import { listEndpoints } from '@holdfast/contracts/builder/endpoints'
import { listUsers } from '@holdfast/contracts/identity/users'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { client } from '../../lib/client.ts'
import { useMe } from '../../lib/session.ts'
import { Combobox } from '../../ui/combobox.tsx'

export interface FoundFilterProps {
  /** The id that the address of the page holds. */
  value: string | undefined
  /** What it is called, when the list tells. */
  known?: string | undefined
  onChange: (id: string | undefined) => void
}

const offered = 20

/** Whose entries are shown. Who may not see users can still take a filter away. */
export function UserFilter({ value, known, onChange }: FoundFilterProps) {
  const [search, setTyped] = useSearchText()
  const found = useQuery({
    queryKey: ['users', 'pick', search],
    queryFn: async ({ signal }) =>
      (await client.call(listUsers, { query: { search, page: 1, limit: offered } }, { signal })).data,
    enabled: useMayView(),
    placeholderData: keepPreviousData,
  })
  const options = (found.data ?? []).map(({ id, login, name }) => ({ value: id, label: login, hint: name }))
  return (
    <Found
      label="User"
      placeholder="Any user"
      options={withChosen(options, value, known)}
      value={value}
      onChange={onChange}
      onSearch={setTyped}
    />
  )
}

/** Through which endpoint. */
export function EndpointFilter({ value, onChange }: FoundFilterProps) {
  const [search, setTyped] = useSearchText()
  const found = useQuery({
    queryKey: ['endpoints', 'pick', search],
    queryFn: async ({ signal }) =>
      (await client.call(listEndpoints, { query: { search, system: 'false', limit: offered } }, { signal }))
        .data,
    enabled: useMayView(),
    placeholderData: keepPreviousData,
  })
  const options = (found.data ?? []).map(({ id, method, path, name }) => ({
    value: id,
    label: `${method} ${path}`,
    hint: name,
  }))
  return (
    <Found
      label="Endpoint"
      placeholder="Any endpoint"
      options={withChosen(options, value, undefined)}
      value={value}
      onChange={onChange}
      onSearch={setTyped}
    />
  )
}

interface FoundProps extends FoundFilterProps {
  label: string
  placeholder: string
  options: { value: string; label: string; hint?: string }[]
  onSearch: (text: string) => void
}

function Found({ value, onChange, ...props }: FoundProps) {
  return (
    <div className="w-48">
      <Combobox {...props} value={value ?? null} onChange={(id) => onChange(id ?? undefined)} />
    </div>
  )
}

/** What is chosen has a place among the options, so that the box can show it. */
function withChosen(options: FoundProps['options'], value: string | undefined, known: string | undefined) {
  if (value === undefined || options.some((option) => option.value === value)) return options
  return [{ value, label: known ?? value }, ...options]
}

/** The text that is looked for. What is chosen stands in the box too, and is not to be looked for. */
function useSearchText(): [string, (text: string) => void] {
  const [typed, setTyped] = useState('')
  return [useDeferredValue(typed.trim().replace(/^[A-Z]+ (?=\/)/, '')), setTyped]
}

function useMayView(): boolean {
  return useMe()?.permissions.includes('view') === true
}
