import { z } from 'zod'
import { Id } from '../kit/id.ts'

/** Bounds that server and console share. */
export const fieldLimits = {
  /** Levels of nested children, the top level included. */
  depthMax: 5,
  /** Fields of one schema over all levels. */
  fieldsMax: 500,
  nameLengthMax: 64,
  choicesMax: 200,
  groupsMax: 100,
} as const

export const fieldTypes = [
  'string',
  'number',
  'boolean',
  'object',
  'array',
  'datetime',
  'json',
  'reference',
] as const
export type FieldType = (typeof fieldTypes)[number]

/** Any JSON value. Not checked further, because checking nested values recursively would let their depth reach the stack. */
export const Json = z.unknown().meta({ description: 'Any JSON value.' })

/** Names that every record already has, and one that JavaScript would misunderstand. */
export const reservedFieldNames = ['_id', 'id', 'createdAt', 'updatedAt', '__proto__'] as const

const FieldName = z
  .string()
  .min(1, 'must not be empty')
  .max(fieldLimits.nameLengthMax)
  // Dots address nested values in filters, the tilde marks storage keys, commas and brackets separate query values.
  .regex(
    /^[^\s.,~$[\]"'`\\\p{Cc}][^.,~[\]"'`\\\p{Cc}]*$/u,
    'must not hold . , ~ [ ] quotes or control characters, nor begin with $ or a space',
  )
  .refine(
    (name) => !(reservedFieldNames as readonly string[]).includes(name),
    'is a name that every record already uses',
  )

export const fieldBody = {
  name: FieldName,
  type: z.enum(fieldTypes, `must be one of ${fieldTypes.join(', ')}`),
  required: z.boolean().default(false),
  description: z.string().max(1_000).default(''),
  /** Used on create when the field is absent. */
  defaultValue: Json.optional(),
  /** Position; fields without one follow in the order they came. */
  order: z.int().min(0).max(100_000).optional(),
  /** For `reference`: an endpoint whose records may be pointed at. */
  refEndpointId: Id.nullable().optional(),
  minimum: z.number().nullable().optional(),
  maximum: z.number().nullable().optional(),
  /** Characters of a string, items of an array. */
  minLength: z.int().min(0).max(10_000_000).nullable().optional(),
  maxLength: z.int().min(0).max(10_000_000).nullable().optional(),
  /** The only strings that are accepted. */
  choices: z.array(z.string().max(500)).max(fieldLimits.choicesMax).nullable().optional(),
  /** No two records of the collection may hold the same value. Top level only. */
  unique: z
    .boolean()
    .optional()
    .meta({ description: 'No two records may hold the same value. Absent: as it was.' }),
  indexed: z
    .boolean()
    .optional()
    .meta({ description: 'Filters and sorts on it stay fast. Absent: as it was.' }),
  hidden: z
    .boolean()
    .optional()
    .meta({ description: 'Never in answers, filters or examples. Absent: as it was.' }),
  readGroupIds: z.array(Id).max(fieldLimits.groupsMax).optional().meta({
    description: 'Only members of these groups see the values; empty means everybody. Absent: as it was.',
  }),
  writeGroupIds: z.array(Id).max(fieldLimits.groupsMax).optional().meta({
    description: 'Only members of these groups set the values; empty means everybody. Absent: as it was.',
  }),
}

type FieldBody = z.output<z.ZodObject<typeof fieldBody>>

/** A field as a request carries it. With `id`, a different name is a rename; without, fields are matched by name. */
export type FieldInput = FieldBody & { id?: string | undefined; children: FieldInput[] }
export type FieldRequest = z.input<z.ZodObject<typeof fieldBody>> & {
  id?: string | undefined
  children?: FieldRequest[] | undefined
}

/** Levels are written out instead of recursing, so that a body nested a million deep meets a limit and not the stack. */
function fieldInputAt(level: number): z.ZodType<FieldInput, FieldRequest> {
  const children: z.ZodType<FieldInput[], FieldRequest[]> =
    level < fieldLimits.depthMax
      ? z.array(fieldInputAt(level + 1)).max(fieldLimits.fieldsMax)
      : z.array(z.never()).max(0, `must be empty: fields nest ${fieldLimits.depthMax} levels deep at most`)
  return z
    .object({ id: Id.optional(), ...fieldBody, children: children.default([]) })
    .meta({ id: level === 1 ? 'FieldInput' : `FieldInputLevel${level}` })
}

export const FieldInput = fieldInputAt(1)
export const FieldInputs = z.array(FieldInput).max(fieldLimits.fieldsMax)

const fieldAnswer = {
  /** Stays the same when the field is renamed, and is shared by all endpoints on one path. */
  id: Id,
  name: z.string(),
  type: z.enum(fieldTypes),
  required: z.boolean(),
  description: z.string(),
  defaultValue: Json.optional(),
  order: z.int(),
  refEndpointId: Id.nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  minLength: z.int().nullable(),
  maxLength: z.int().nullable(),
  choices: z.array(z.string()).nullable(),
  unique: z.boolean(),
  indexed: z.boolean(),
  hidden: z.boolean(),
  readGroupIds: z.array(Id),
  writeGroupIds: z.array(Id),
}

/** A field as an answer shows it. */
export type Field = z.output<z.ZodObject<typeof fieldAnswer>> & { children: Field[] }

function fieldAt(level: number): z.ZodType<Field> {
  const children: z.ZodType<Field[]> =
    level < fieldLimits.depthMax ? z.array(fieldAt(level + 1)) : z.array(z.never()).max(0)
  return z.object({ ...fieldAnswer, children }).meta({ id: level === 1 ? 'Field' : `FieldLevel${level}` })
}

export const Field = fieldAt(1)
