import { createContext, useContext } from 'react'
import type { z } from 'zod'

/** What a schema says about one field that a control can show before anything is typed. */
export interface FieldLimits {
  optional: boolean
  minLength?: number
  maxLength?: number
  min?: number
  max?: number
}

interface Definition {
  type: string
  innerType?: z.ZodType
  shape?: Record<string, z.ZodType>
  in?: z.ZodType
}

const definition = (schema: z.ZodType): Definition => schema.def

/** Follows optional, default, nullable and the like down to the field's own type. */
export function unwrapField(schema: z.ZodType, name: string): FieldLimits | undefined {
  let object: z.ZodType | undefined = schema
  while (object && !definition(object).shape) object = definition(object).innerType ?? definition(object).in
  let field = object && definition(object).shape?.[name]
  if (!field) return undefined
  let optional = false
  while (definition(field).innerType ?? definition(field).in) {
    if (['optional', 'default', 'prefault', 'catch'].includes(definition(field).type)) optional = true
    field = definition(field).innerType ?? definition(field).in ?? field
  }
  return { optional, ...bounds(field) }
}

function bounds(field: z.ZodType): Partial<FieldLimits> {
  const read = (key: string): number | undefined => {
    const value: unknown = Reflect.get(field, key)
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }
  const found = {
    minLength: read('minLength'),
    maxLength: read('maxLength'),
    min: read('minValue'),
    max: read('maxValue'),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

/** The schema of the form around a field. */
export const LimitsContext = createContext<z.ZodType | null>(null)

/** The limits of one field of the form around it. Nested fields have none to show. */
export function useLimits(name: string): FieldLimits {
  const schema = useContext(LimitsContext)
  return (schema && unwrapField(schema, name)) ?? { optional: false }
}
