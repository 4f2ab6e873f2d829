import { type FieldTypeDefinition, filterOperators, refuse } from './definition.ts'
import { isStorableText } from './json-text.ts'

export const stringType: FieldTypeDefinition = {
  name: 'string',
  compile({ minLength, maxLength, choices }) {
    const allowed = choices === null ? null : new Set(choices)
    return (value, path, report) => {
      if (typeof value !== 'string') return refuse(report, path, 'must be a string')
      if (!isStorableText(value)) return refuse(report, path, 'must not hold broken or NUL characters')
      if (minLength !== null && value.length < minLength)
        return refuse(report, path, `must have at least ${minLength} characters`)
      if (maxLength !== null && value.length > maxLength)
        return refuse(report, path, `must have at most ${maxLength} characters`)
      if (allowed !== null && !allowed.has(value))
        return refuse(report, path, `must be one of ${[...allowed].join(', ')}`)
      return value
    }
  },
  sample({ name, minLength, maxLength, choices }) {
    if (choices?.[0] !== undefined) return choices[0]
    return `Example ${name}`.padEnd(Math.min(minLength ?? 0, 200), '.').slice(0, maxLength ?? undefined)
  },
  jsonSchema: ({ minLength, maxLength, choices }) => ({
    type: 'string',
    ...(minLength !== null && { minLength }),
    ...(maxLength !== null && { maxLength }),
    ...(choices !== null && { enum: [...choices] }),
  }),
  typescript: ({ choices }) =>
    choices === null || choices.length === 0
      ? 'string'
      : choices.map((choice) => JSON.stringify(choice)).join(' | '),
  sqlCast: 'text',
  sqlColumn: 'text',
  operators: filterOperators,
  parseText: (text) => text,
  textHint: 'a text',
  parsePiece: (text) => text,
  isSearched: true,
  parseCell: (text) => text,
  convert(value) {
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
  },
}
