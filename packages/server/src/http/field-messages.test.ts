import { expect, it } from 'vitest'
import { z } from 'zod'
import { fieldMessage } from './field-messages.ts'

const messageOf = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: fieldMessage }).error?.issues[0]?.message

it.each([
  [z.string(), undefined, 'must be given'],
  [z.string(), ['a'], 'must be a text'],
  [z.coerce.number(), 'x', 'must be a number'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.array(z.string()), {}, 'must be a list'],
  [z.object({}), [], 'must be an object'],
  [z.string().min(1), '', 'must have at least 1 character'],
  [z.string().max(3), 'four', 'must have at most 3 characters'],
  [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 item'],
  [z.number().min(1), 0, 'must be at least 1'],
  [z.number().positive(), 0, 'must be more than 0'],
  [z.enum(['a', 'b']), 'c', 'must be one of a, b'],
  [z.literal('a'), 'c', 'must be a'],
  [z.strictObject({}), { extra: 1 }, 'has properties that are not known here: extra'],
  [z.email(), 'x', 'must be an e-mail address such as ann@example.com'],
  [z.iso.datetime(), 'x', 'must be a date and time such as 2026-01-31T12:00:00Z'],
  [z.string().regex(/^a$/), 'b', 'does not have the form that is expected here'],
  [z.union([z.string(), z.array(z.string())]), 1, 'has none of the forms that are accepted here'],
])('what is wrong with a field continues its name: case %#', (schema, value, message) => {
  expect(messageOf(schema, value)).toBe(message)
})

it('what a schema says itself goes before', () => {
  expect(messageOf(z.string().min(8, 'is too easy to guess'), 'x')).toBe('is too easy to guess')
})
