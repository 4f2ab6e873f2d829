import { type FieldTypeDefinition, isPlainObject, refuse } from './definition.ts'
import { jsonObstacle } from './json-text.ts'

/** With children their rules hold; without, any object is accepted. */
export const objectType: FieldTypeDefinition = {
  name: 'object',
  compile(_field, children) {
    return (value, path, report, stored) => {
      if (!isPlainObject(value)) return refuse(report, path, 'must be an object')
      if (children !== null) return children.read(value, path, report, stored)
      const obstacle = jsonObstacle(value)
      return obstacle === null ? value : refuse(report, path, obstacle)
    }
  },
  sample: (_field, children) => children ?? { key: 'value' },
  jsonSchema: (_field, children) => children ?? { type: 'object', additionalProperties: true },
  typescript: (_field, children) => children ?? 'Record<string, unknown>',
  sqlCast: null,
  sqlColumn: 'jsonb',
  operators: ['exists'],
  parseText: () => undefined,
  textHint: 'true or false',
  parsePiece: (text) => text,
  isSearched: false,
  parseCell: jsonCell,
  convert(value) {
    if (isPlainObject(value)) return value
    const parsed = typeof value === 'string' ? parseJson(value) : undefined
    return isPlainObject(parsed) ? parsed : undefined
  },
}

/** A cell that holds JSON; anything else is a text. */
export function jsonCell(text: string): unknown {
  const value = parseJson(text)
  return value === undefined ? text : value
}

/** The JSON value in `text`, or undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: that is the answer, not a failure.
    return undefined
  }
}
