import type { Schema } from './document.ts'

/** JSON Schema in a form that is read: what a value is, its parts, and an example of it. */

type Schemas = Readonly<Record<string, Schema>>

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const schemasIn = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isSchema) : [])

/** What a `$ref` stands for. */
export function resolved(schema: Schema, schemas: Schemas): Schema {
  const { $ref } = schema
  if (typeof $ref !== 'string') return schema
  return schemas[$ref.replace('#/components/schemas/', '')] ?? {}
}

/** `string`, `list of numbers`, `"a" or "b"`. */
export function typeWords(given: Schema, schemas: Schemas, depth = 0): string {
  const schema = resolved(given, schemas)
  if (depth > 3) return 'value'
  if ('const' in schema) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' or ')
  const options = [...schemasIn(schema['anyOf']), ...schemasIn(schema['oneOf'])]
  if (options.length > 0)
    return [...new Set(options.map((option) => typeWords(option, schemas, depth + 1)))].join(' or ')
  const { type, items, format } = schema
  if (type === 'array') return isSchema(items) ? `list of ${typeWords(items, schemas, depth + 1)}` : 'list'
  if (Array.isArray(type)) return type.join(' or ')
  if (typeof type !== 'string') return 'any value'
  return typeof format === 'string' ? `${type} (${format})` : type
}

export interface SchemaPart {
  name: string
  required: boolean
  schema: Schema
}

/** The properties of an object, or of the objects in a list. */
export function partsOf(given: Schema, schemas: Schemas): SchemaPart[] {
  const schema = resolved(given, schemas)
  if (schema['type'] === 'array' && isSchema(schema['items'])) return partsOf(schema['items'], schemas)
  const [only, ...others] = withoutLists([
    ...schemasIn(schema['anyOf']),
    ...schemasIn(schema['oneOf']),
  ]).filter((option) => option['type'] !== 'null')
  if (only !== undefined && others.length === 0) return partsOf(only, schemas)
  const { properties, required } = schema
  if (!isSchema(properties)) return []
  const needed: unknown[] = Array.isArray(required) ? required : []
  return Object.entries(properties).flatMap(([name, part]) =>
    isSchema(part) ? [{ name, required: needed.includes(name), schema: part }] : [],
  )
}

/** One thing, or a list of the same: its parts are those of the one. */
function withoutLists(options: readonly Schema[]): Schema[] {
  const texts = options.map((option) => JSON.stringify(option))
  return options.filter(
    (option) => option['type'] !== 'array' || !texts.includes(JSON.stringify(option['items'])),
  )
}

/** A value to begin with: what is required, and nothing else below the first level. */
export function exampleOf(given: Schema, schemas: Schemas, depth = 0): unknown {
  const schema = resolved(given, schemas)
  if ('default' in schema) return schema['default']
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const [first] = [...schemasIn(schema['anyOf']), ...schemasIn(schema['oneOf'])]
  if (first !== undefined) return depth > 4 ? null : exampleOf(first, schemas, depth + 1)
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  if (type === 'object') {
    const parts = depth > 4 ? [] : partsOf(schema, schemas).filter(({ required }) => required)
    return Object.fromEntries(
      parts.map(({ name, schema: part }) => [name, exampleOf(part, schemas, depth + 1)]),
    )
  }
  if (type === 'array') return []
  if (type === 'number' || type === 'integer') return Number(schema['minimum'] ?? 0)
  if (type === 'boolean') return false
  return type === 'string' ? '' : null
}
