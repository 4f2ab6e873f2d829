import { z } from 'zod'

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

/** Names of the top-level and nested properties of `schema` that are marked, as dotted paths. */
export function secretPaths(schema: z.ZodType, prefix = ''): string[] {
  if (secrets.has(schema)) return [prefix]
  const inner = unwrap(schema)
  if (secrets.has(inner)) return [prefix]
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, child]) =>
      secretPaths(child, prefix === '' ? key : `${prefix}.${key}`),
    )
  }
  return []
}

function unwrap(schema: z.ZodType): z.ZodType {
  let current: z.ZodType = schema
  while (
    current instanceof z.ZodOptional ||
    current instanceof z.ZodNullable ||
    current instanceof z.ZodDefault
  ) {
    if (secrets.has(current)) return current
    current = current.def.innerType as z.ZodType
  }
  return current
}
