import type { z } from 'zod'
import { inputSchemaOf } from './arbitrary.ts'

export interface BrokenInput {
  /** What is wrong with it, for the name of a failing case. */
  what: string
  value: unknown
  /** The field that an answer must point at; empty when the whole is wrong. */
  field: string
}

/** One value of every JSON type, and the usual suspects of each. */
const suspects: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e15,
  '',
  'x',
  'x'.repeat(100_000),
  [],
  [null],
  {},
  { x: {} },
]

/**
 * Spoils a valid input one field at a time: left out, or with each suspect that the schema does not take.
 * Which ones those are the schema decides, so a case here is wrong by construction.
 */
export function brokenInputs(schema: z.ZodType, valid: Readonly<Record<string, unknown>>): BrokenInput[] {
  const fields = Object.keys(inputSchemaOf(schema).properties ?? valid)
  const spoilt = fields.flatMap((field) => {
    const without = Object.fromEntries(Object.entries(valid).filter(([name]) => name !== field))
    const cases = suspects.map((suspect) => ({
      what: `${field} = ${shorten(suspect)}`,
      value: { ...valid, [field]: suspect },
      field,
    }))
    return [{ what: `without ${field}`, value: without, field }, ...cases]
  })
  return spoilt.filter(({ value, field }) => pointsAt(schema, value, field))
}

function pointsAt(schema: z.ZodType, value: unknown, field: string): boolean {
  const result = schema.safeParse(value)
  return !result.success && result.error.issues.some((issue) => issue.path[0] === field)
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 30 ? `${text.slice(0, 30)}…` : text
}
