import type { FieldError, FieldErrors, FieldValues, Resolver } from 'react-hook-form'
import type { z } from 'zod'
import { capitalize } from '../../lib/problem-text.ts'
import { unwrapField } from './limits.ts'

/**
 * Lets a zod schema judge a form. Empty text in an optional field is left out before parsing, because a person who
 * clears a field means "nothing" and not "an empty string".
 */
export function schemaResolver<Schema extends z.ZodType<FieldValues, FieldValues>>(
  schema: Schema,
): Resolver<z.input<Schema>, unknown, z.output<Schema>> {
  return (values) => {
    const result = schema.safeParse(withoutEmptyOptionals(schema, values))
    if (result.success) return { values: result.data, errors: {} }
    const errors: Record<string, unknown> = {}
    for (const issue of result.error.issues)
      place(errors, issue.path, { type: issue.code, message: capitalize(issue.message) })
    return { values: {}, errors: errors as FieldErrors<z.input<Schema>> }
  }
}

function withoutEmptyOptionals(schema: z.ZodType, values: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => {
      if (value !== '' && !(typeof value === 'number' && Number.isNaN(value))) return true
      return !unwrapField(schema, name)?.optional
    }),
  )
}

/** Writes an error where React Hook Form looks for it; the first one of a field wins. */
function place(errors: Record<string, unknown>, path: readonly PropertyKey[], error: FieldError): void {
  const keys = path.length > 0 ? path.map(String) : ['root']
  let at = errors
  for (const key of keys.slice(0, -1)) {
    const next = at[key]
    const child: Record<string, unknown> = isRecord(next) ? next : {}
    at[key] = child
    at = child
  }
  const last = keys.at(-1)
  if (last !== undefined && at[last] === undefined) at[last] = error
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
