import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { Combobox } from '../../../ui/combobox.tsx'
import { Field } from '../../../ui/field.tsx'
import { basePathOf } from '../paths.ts'
import { endpointQuery, endpointsQuery } from '../queries.ts'

export interface ReferenceTargetProps {
  value: string | null
  disabled: boolean
  onChange: (endpointId: string | null) => void
}

/** The endpoint whose records a reference points at; one choice per collection, whatever methods it has. */
export function ReferenceTarget({ value, disabled, onChange }: ReferenceTargetProps) {
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const found = useQuery(
    endpointsQuery({ search: search.slice(0, 200) || undefined, system: 'false', page: 1 }),
  )
  const chosen = useQuery({ ...endpointQuery(value ?? ''), enabled: value !== null })
  const byCollection = new Map(
    [...(found.data?.data ?? [])]
      // The endpoint that reads stands for its collection: its rules are those of whoever follows the reference.
      .toSorted((left, right) => Number(right.method === 'GET') - Number(left.method === 'GET'))
      .toReversed()
      .map((endpoint) => [endpoint.collectionId, endpoint]),
  )
  if (chosen.data) byCollection.set(chosen.data.collectionId, chosen.data)
  return (
    <Field
      label="Points at"
      hint="Values must be ids of records there. Reading with populate puts the record in place of the id."
    >
      <Combobox
        options={[...byCollection.values()].map((endpoint) => ({
          value: endpoint.id,
          label: basePathOf(endpoint.path),
          hint: endpoint.name,
        }))}
        value={value}
        onChange={onChange}
        onSearch={setTyped}
        disabled={disabled}
        placeholder="Find an endpoint"
        emptyText="No endpoint has this name or path."
      />
    </Field>
  )
}
