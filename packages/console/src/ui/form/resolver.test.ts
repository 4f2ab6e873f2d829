import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { unwrapField } from './limits.ts'
import { schemaResolver } from './resolver.ts'

const schema = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(80),
  email: z.email('must be an e-mail address').optional(),
  days: z.int().min(1).max(365).default(30),
  rules: z.array(z.object({ range: z.string().min(3, 'must be a range') })),
})
const options = { fields: {}, shouldUseNativeValidation: false }
const judge = (values: Record<string, unknown>) =>
  schemaResolver(schema)(values as z.input<typeof schema>, undefined, options)

describe('a form judged by its schema', () => {
  test('what the schema parsed is what is sent', () => {
    expect(judge({ name: '  tea ', email: 'a@b.co', days: 7, rules: [] })).toEqual({
      values: { name: 'tea', email: 'a@b.co', days: 7, rules: [] },
      errors: {},
    })
  })

  test('an optional field that was cleared is left out, and a default takes its place', () => {
    expect(judge({ name: 'tea', email: '', days: Number.NaN, rules: [] })).toEqual({
      values: { name: 'tea', days: 30, rules: [] },
      errors: {},
    })
  })

  test('a required field that is empty is not left out: it has its own sentence, which stands alone', () => {
    expect(judge({ name: '', rules: [] })).toMatchObject({
      errors: { name: { message: 'Must not be empty' } },
    })
  })

  test('an error deep inside is placed where its field is', () => {
    expect(judge({ name: 'tea', rules: [{ range: '10.0.0.0/8' }, { range: '' }] })).toMatchObject({
      errors: { rules: { 1: { range: { message: 'Must be a range' } } } },
    })
  })
})

describe('limits read from a schema', () => {
  test('bounds are found through optional, default and refinements', () => {
    const refined = schema.refine(() => true)
    expect(unwrapField(refined, 'name')).toEqual({ optional: false, minLength: 1, maxLength: 80 })
    expect(unwrapField(refined, 'days')).toEqual({ optional: true, min: 1, max: 365 })
    expect(unwrapField(refined, 'email')).toMatchObject({ optional: true })
  })

  test('a field that is not in the schema has none', () => {
    expect(unwrapField(schema, 'nothing')).toBeUndefined()
  })
})
