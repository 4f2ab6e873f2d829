import { type FieldTypeDefinition, isPlainObject, refuse } from './definition.ts'
import { jsonObstacle } from './json-text.ts'
import { jsonCell, parseJson } from './object.ts'

/** With children every item is an object under their rules; without, items are free. */
export const arrayType: FieldTypeDefinition = {
  name: 'array',
  compile({ minLength, maxLength }, children) {
    return (value, path, report) => {
      if (!Array.isArray(value)) return refuse(report, path, 'must be an array')
      if (minLength !== null && value.length < minLength)
        return refuse(report, path, `must have at least ${minLength} items`)
      if (maxLength !== null && value.length > maxLength)
        return refuse(report, path, `must have at most ${maxLength} items`)
      if (children !== null) {
        return value.map((item: unknown, index) => {
          const itemPath = `${path}.${index}`
          return isPlainObject(item)
            ? children.read(item, itemPath, report)
            : refuse(report, itemPath, 'must be an object')
        })
      }
      const obstacle = jsonObstacle(value)
      return obstacle === null ? value : refuse(report, path, obstacle)
    }
  },
  sample: (_field, children) => [children ?? 'value'],
  jsonSchema: ({ minLength, maxLength }, children) => ({
    type: 'array',
    items: children ?? {},
    ...(minLength !== null && { minItems: minLength }),
    ...(maxLength !== null && { maxItems: maxLength }),
  }),
  typescript: (_field, children) => (children === null ? 'unknown[]' : `Array<${children}>`),
  sqlCast: null,
  sqlColumn: 'jsonb',
  operators: ['contains', 'exists'],
  parseText: (text) => text,
  textHint: 'a text',
  parsePiece: (text) => text,
  isSearched: false,
  parseCell: jsonCell,
  convert(value) {
    if (Array.isArray(value)) return value
    const parsed = typeof value === 'string' ? parseJson(value) : undefined
    if (Array.isArray(parsed)) return parsed
    return value === null || value === undefined ? undefined : [value]
  },
}
