import { type FieldTypeDefinition, orderedOperators, refuse } from './definition.ts'

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

export const numberType: FieldTypeDefinition = {
  name: 'number',
  compile({ minimum, maximum }) {
    return (value, path, report) => {
      if (typeof value !== 'number' || !Number.isFinite(value))
        return refuse(report, path, 'must be a number')
      if (minimum !== null && value < minimum) return refuse(report, path, `must be at least ${minimum}`)
      if (maximum !== null && value > maximum) return refuse(report, path, `must be at most ${maximum}`)
      return value
    }
  },
  sample: ({ minimum, maximum }) => Math.min(Math.max(42, minimum ?? 42), maximum ?? Number.MAX_VALUE),
  jsonSchema: ({ minimum, maximum }) => ({
    type: 'number',
    ...(minimum !== null && { minimum }),
    ...(maximum !== null && { maximum }),
  }),
  typescript: () => 'number',
  sqlCast: 'numeric',
  sqlColumn: 'numeric',
  operators: orderedOperators,
  parseText: parseNumber,
  textHint: 'a number',
  parsePiece: (text) => text,
  isSearched: false,
  parseCell: (text) => parseNumber(text) ?? text,
  convert(value) {
    if (typeof value === 'number') return value
    if (typeof value === 'boolean') return value ? 1 : 0
    return typeof value === 'string' ? parseNumber(value) : undefined
  },
}

function parseNumber(text: string): number | undefined {
  const trimmed = text.trim()
  const value = decimal.test(trimmed) ? Number(trimmed) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}
