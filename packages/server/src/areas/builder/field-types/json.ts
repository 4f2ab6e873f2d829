import { type FieldTypeDefinition, refuse } from './definition.ts'
import { jsonObstacle } from './json-text.ts'
import { parseJson } from './object.ts'

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
  parseText: (text) => parseJson(text),
  convert: (value) => (typeof value === 'string' ? (parseJson(value) ?? value) : value),
}
