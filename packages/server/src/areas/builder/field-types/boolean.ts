import { type FieldTypeDefinition, orderedOperators, refuse } from './definition.ts'

const words: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  yes: true,
  no: false,
  '1': true,
  '0': false,
}

export const booleanType: FieldTypeDefinition = {
  name: 'boolean',
  compile: () => (value, path, report) =>
    typeof value === 'boolean' ? value : refuse(report, path, 'must be a boolean'),
  sample: () => true,
  jsonSchema: () => ({ type: 'boolean' }),
  typescript: () => 'boolean',
  sqlCast: 'boolean',
  sqlColumn: 'boolean',
  operators: orderedOperators,
  parseText: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  textHint: 'true or false',
  parsePiece: (text) => text,
  isSearched: false,
  parseCell: (text) => parseWord(text) ?? text,
  convert(value) {
    if (typeof value === 'boolean') return value
    if (value === 0 || value === 1) return value === 1
    return typeof value === 'string' ? parseWord(value) : undefined
  },
}

function parseWord(text: string): boolean | undefined {
  const word = text.trim().toLowerCase()
  return Object.hasOwn(words, word) ? words[word] : undefined
}
