import { z } from 'zod'
import type { RouteShape } from './route.ts'

/** Schemas whose values must never be logged, audited or shown. */
export const secrets = z.registry<{ secret: true }>()

/**
 * Marks a schema as holding a secret. Logger, audit, OpenAPI and console mask it by this mark;
 * the server refuses to start when a known secret field has lost it.
 */
export function secret<S extends z.ZodType>(schema: S): S {
  const marked = schema.meta({ format: 'password', writeOnly: true })
  secrets.add(marked, { secret: true })
  return marked
}

/** Whether the schema, or what it wraps, is marked. */
export function isSecret(schema: z.core.$ZodType): boolean {
  return secrets.has(schema) || innerOf(schema).some((inner) => isSecret(inner))
}

/** Every property below `schema`, at any depth, by name. */
export function* schemaProperties(
  schema: z.core.$ZodType,
  seen = new Set<z.core.$ZodType>(),
): Generator<[name: string, property: z.core.$ZodType]> {
  if (seen.has(schema)) return
  seen.add(schema)
  if (schema instanceof z.ZodObject) {
    for (const [name, child] of Object.entries(schema.shape)) {
      yield [name, child]
      yield* schemaProperties(child, seen)
    }
  } else for (const inner of innerOf(schema)) yield* schemaProperties(inner, seen)
}

/** The schemas that a schema is made of, other than the properties of an object. */
export function innerOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element]
  if (schema instanceof z.ZodUnion) return [...schema.options]
  if (schema instanceof z.ZodIntersection) return [schema.def.left, schema.def.right]
  if (schema instanceof z.ZodPipe) return [schema.def.in, schema.def.out]
  if (schema instanceof z.ZodRecord) return [schema.valueType]
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return [schema.def.innerType]
  }
  return []
}

/** The schemas of the bodies that a route takes and answers. */
export function bodySchemas({ body, answers }: Pick<RouteShape, 'body' | 'answers'>): z.ZodType[] {
  return [body, ...Object.values(answers)].filter((part) => part instanceof z.ZodType)
}
