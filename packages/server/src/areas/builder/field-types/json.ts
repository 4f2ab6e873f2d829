import { type FieldTypeDefinition, filterOperators, refuse } from './definition.ts'
import { jsonObstacle } from './json-text.ts'
import { jsonCell, parseJson } from './object.ts'

/** Any JSON value. */
export const jsonType: FieldTypeDefinition = {
  name: 'json',
  compile: () => (value, path, report) => {
    const obstacle = jsonObstacle(value)
    return obstacle === null ? value : refuse(report, path, obstacle)
  },
  sample: () => ({ any: ['json', 1, true] }),
  jsonSchema: () => ({}),
  typescript: () => 'unknown',
  sqlCast: null,
  sqlColumn: 'jsonb',
  operators: filterOperators,
  // Compared as the text that PostgreSQL shows of it: `5` finds the number and the text.
  parseText: (text) => text,
  textHint: 'a text',
  parsePiece: (text) => text,
  isSearched: false,
  parseCell: jsonCell,
  convert: (value) => (typeof value === 'string' ? (parseJson(value) ?? value) : value),
}
