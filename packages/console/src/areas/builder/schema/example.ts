import type { FieldType } from '@holdfast/contracts/builder/fields'
import { parseDefault } from './default-value.ts'
import type { Draft, DraftField } from './draft.ts'

const samples: Record<Exclude<FieldType, 'object' | 'array'>, unknown> = {
  string: 'text',
  number: 42,
  boolean: true,
  datetime: '2026-03-01T09:30:00.000Z',
  json: { any: 'value' },
  reference: '65f0c0ffee0123456789abcd',
}

/** A record as this schema would have it. Hidden fields are left out when it stands for an answer. */
export function exampleOf(draft: Draft, includeHidden = false): Record<string, unknown> {
  const shown = draft.filter((field) => field.name !== '' && (includeHidden || !field.hidden))
  return Object.fromEntries(shown.map((field) => [field.name, valueOf(field, includeHidden)]))
}

function valueOf(field: DraftField, includeHidden: boolean): unknown {
  const chosen = parseDefault(field.type, field.defaultText)
  if (chosen.ok && chosen.value !== undefined) return chosen.value
  if (field.type === 'object') return exampleOf(field.children, includeHidden)
  if (field.type === 'array')
    return field.children.length > 0 ? [exampleOf(field.children, includeHidden)] : ['value']
  if (field.type === 'string' && field.choices?.[0] !== undefined) return field.choices[0]
  if (field.type === 'number') return Math.max(field.minimum ?? 42, Math.min(field.maximum ?? 42, 42))
  return samples[field.type]
}

/** The whole answer to a read of one record, as it would come over the wire. */
export function exampleAnswer(draft: Draft): string {
  const record = {
    _id: '65f0c0ffee0123456789abcd',
    ...exampleOf(draft),
    createdAt: '2026-03-01T09:30:00.000Z',
    updatedAt: '2026-03-01T09:30:00.000Z',
  }
  return JSON.stringify(record, null, 2)
}
