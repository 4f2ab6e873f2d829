import type { Field } from '@holdfast/contracts/builder/fields'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { Combobox } from '../../../ui/combobox.tsx'
import { basePathOf } from '../paths.ts'
import { endpointQuery } from '../queries.ts'
import { fetchRecord, fetchRecords } from './api.ts'
import { recordLabel, shortId } from './labels.ts'
import { recordsKey } from './use-records.ts'

const offered = 20

export interface ReferencePickerProps {
  field: Pick<Field, 'refEndpointId'>
  value: string | null
  onChange: (id: string | null) => void
  disabled?: boolean
  onBlur?: () => void
}

/** A record of another endpoint, found by its text. Whoever may not read there can still see the id. */
export function ReferencePicker({ field, value, onChange, disabled = false, onBlur }: ReferencePickerProps) {
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const target = useQuery({
    ...endpointQuery(field.refEndpointId ?? ''),
    enabled: field.refEndpointId !== null,
  })
  const path = target.data ? basePathOf(target.data.path) : undefined
  const chosen = useQuery({
    queryKey: [...recordsKey(path ?? ''), 'one', value],
    queryFn: () => fetchRecord(path ?? '', value ?? ''),
    enabled: path !== undefined && value !== null,
  })
  // The label of what is chosen is in the box; looking for that text would offer nothing else.
  const wanted = chosen.data && search === recordLabel(chosen.data) ? '' : search
  const found = useQuery({
    queryKey: [...recordsKey(path ?? ''), 'pick', wanted],
    queryFn: ({ signal }) =>
      fetchRecords({
        path: path ?? '',
        view: wanted === '' ? {} : { search: wanted },
        populate: [],
        cursor: null,
        limit: offered,
        signal,
      }),
    enabled: path !== undefined,
  })
  const records = new Map((found.data?.data ?? []).map((record) => [record.id, record]))
  if (chosen.data) records.set(chosen.data.id, chosen.data)
  return (
    <Combobox
      options={[...records.values()].map((record) => ({
        value: record.id,
        label: recordLabel(record),
        hint: shortId(record.id),
      }))}
      value={value}
      onChange={onChange}
      onSearch={setTyped}
      disabled={disabled}
      placeholder="Find a record"
      emptyText={
        found.error ? 'You may not read these records; paste an id under Try it.' : 'No record has this text.'
      }
      {...(onBlur ? { onBlur } : {})}
    />
  )
}
