import type { Field, FieldType } from '@holdfast/contracts/builder/fields'

export interface FilterableField {
  /** With dots for nested ones: `size.widthMm`. */
  name: string
  type: FieldType
  choices?: readonly string[] | null
  refEndpointId?: string | null
}

/** What can be filtered by: fields, the fields inside objects, and the times every record has. */
export function filterableFields(fields: readonly Field[]): FilterableField[] {
  if (fields.length === 0) return []
  return [
    ...flatten(fields, ''),
    { name: 'createdAt', type: 'datetime' },
    { name: 'updatedAt', type: 'datetime' },
    { name: '_id', type: 'string' },
  ]
}

function flatten(fields: readonly Field[], prefix: string): FilterableField[] {
  return fields
    .filter((field) => !field.hidden)
    .flatMap(({ name, type, choices, refEndpointId, children }) => [
      { name: prefix + name, type, choices, refEndpointId },
      ...(type === 'object' ? flatten(children, `${prefix}${name}.`) : []),
    ])
}
