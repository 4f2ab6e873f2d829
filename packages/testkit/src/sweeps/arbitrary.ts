import fc from 'fast-check'
import { z } from 'zod'

/** The part of JSON Schema that zod writes for inputs. */
interface JsonSchema {
  $ref?: string
  $defs?: Record<string, JsonSchema>
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  propertyNames?: JsonSchema
  items?: JsonSchema
  prefixItems?: JsonSchema[]
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
}

const lengthMax = 40
const depthMax = 4

/** Attempts come in batches, and there are only so many: chance may find nothing, and must not look for ever. */
const batchSize = 50
const batchesMax = 8

/**
 * Inputs that `schema` accepts, the same for the same seed. Zod describes the shape as JSON Schema; what that cannot
 * say (refinements) is left to chance and checked, so every value that comes out passes `safeParse`. Throws when
 * chance finds none: then the description lacks something that this file should know.
 */
export function inputsOf(schema: z.ZodType, options: { count: number; seed: number }): unknown[] {
  const root = inputSchemaOf(schema)
  const arbitrary = fromJsonSchema(root, root, 0)
  const valid: unknown[] = []
  for (let batch = 0; batch < batchesMax && valid.length < options.count; batch++) {
    const attempts = fc.sample(arbitrary, { seed: options.seed + batch, numRuns: batchSize })
    valid.push(...attempts.filter((value) => schema.safeParse(value).success))
  }
  if (valid.length === 0) throw new Error(`No valid input was found in ${batchSize * batchesMax} attempts.`)
  return valid.slice(0, options.count)
}

/** What a client may send for `schema`, as JSON Schema. */
export function inputSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    // A text that is trimmed first and checked afterwards is described by its check.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodPipe && zodSchema.def.out instanceof z.ZodStringFormat) {
        jsonSchema.format ??= zodSchema.def.out.def.format
      }
    },
  }) as JsonSchema
}

function fromJsonSchema(schema: JsonSchema, root: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const below = (child: JsonSchema) => fromJsonSchema(child, root, depth + 1)
  if (schema.$ref !== undefined) return below(resolve(schema.$ref, root))
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map(below))
  if (schema.allOf !== undefined) {
    return fc.tuple(...schema.allOf.map(below)).map((parts) => Object.assign({}, ...parts) as unknown)
  }
  switch (schema.type) {
    case 'string':
      return textOf(schema)
    case 'integer':
      return fc.integer(boundsOf(schema))
    case 'number':
      return fc.oneof(fc.integer(boundsOf(schema)), fc.double({ ...boundsOf(schema), noNaN: true }))
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return listOf(schema, below, depth)
    case 'object':
      return objectOf(schema, below, depth)
    default:
      return depth >= depthMax ? fc.constant(null) : fc.jsonValue({ maxDepth: 2 })
  }
}

function resolve(reference: string, root: JsonSchema): JsonSchema {
  if (reference === '#') return root
  const found = root.$defs?.[reference.replace('#/$defs/', '')]
  if (found === undefined) throw new Error(`The schema refers to ${reference}, which it does not define.`)
  return found
}

function textOf(schema: JsonSchema): fc.Arbitrary<string> {
  const { format, pattern } = schema
  if (format === 'uuid') return fc.uuid()
  if (format === 'email') return fc.emailAddress({ size: 'small' })
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((at) => at.toISOString())
  if (format === 'uri') return fc.webUrl()
  if (format === 'ipv4') return fc.ipV4()
  if (format === 'ipv6') return fc.ipV6()
  // Patterns over all of Unicode take seconds to enumerate; letters and digits satisfy those that matter here.
  if (pattern !== undefined && /\\p\{|\[\^/.test(pattern)) return fc.stringMatching(/^[a-z0-9]{3,20}$/)
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'))
  const minLength = schema.minLength ?? 0
  const maxLength = Math.max(minLength, Math.min(schema.maxLength ?? lengthMax, minLength + lengthMax))
  const lengths = { minLength, maxLength }
  return fc.oneof(
    fc.string(lengths),
    fc.array(fc.constantFrom(...awkwardCharacters), lengths).map((characters) => characters.join('')),
  )
}

/** Quotes, line ends, control and combining characters, another direction, half a pair, beyond the first plane. */
const awkwardCharacters = [
  'a',
  '"',
  "'",
  '\\',
  '%',
  '\n',
  '\u0000',
  '\u001f',
  'é',
  '\u0301',
  '\u202e',
  '\ud800',
  '中',
  '💥',
]

function boundsOf(schema: JsonSchema): { min: number; max: number } {
  const min = Math.max(schema.minimum ?? -1e9, (schema.exclusiveMinimum ?? -1e9 - 1) + 1)
  const max = Math.min(schema.maximum ?? 1e9, (schema.exclusiveMaximum ?? 1e9 + 1) - 1)
  return { min: Math.ceil(min), max: Math.max(Math.ceil(min), Math.floor(max)) }
}

type Below = (child: JsonSchema) => fc.Arbitrary<unknown>

function listOf(schema: JsonSchema, below: Below, depth: number): fc.Arbitrary<unknown[]> {
  if (schema.prefixItems !== undefined) return fc.tuple(...schema.prefixItems.map(below))
  const minLength = schema.minItems ?? 0
  // Lists in lists would grow without end.
  const wanted = depth >= depthMax ? minLength : minLength + 3
  const maxLength = Math.min(schema.maxItems ?? wanted, wanted)
  return maxLength === 0 ? fc.constant([]) : fc.array(below(schema.items ?? {}), { minLength, maxLength })
}

function objectOf(schema: JsonSchema, below: Below, depth: number): fc.Arbitrary<object> {
  const required = schema.required ?? []
  const entries = Object.entries(schema.properties ?? {}).filter(
    ([name]) => depth < depthMax || required.includes(name),
  )
  const named = fc.record(Object.fromEntries(entries.map(([name, child]) => [name, below(child)])), {
    requiredKeys: required.filter((name) => entries.some(([known]) => known === name)),
    noNullPrototype: true,
  })
  const { additionalProperties: extra } = schema
  if (typeof extra !== 'object' || depth >= depthMax) return named
  const names =
    schema.propertyNames === undefined
      ? fc.string({ minLength: 1, maxLength: 12 })
      : below(schema.propertyNames)
  return fc
    .tuple(named, fc.dictionary(names.map(String), below(extra), { maxKeys: 3, noNullPrototype: true }))
    .map(([known, more]) => ({ ...more, ...known }))
}
