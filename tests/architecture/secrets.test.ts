import { secrets } from '@holdfast/contracts/kit/secret'
import { allRoutes } from '@holdfast/contracts/routes'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

/** Names that hold a secret wherever they stand in a body or an answer. */
const secretName =
  /^(password|current_?password|new_?password|secret|token|.*(api|access|refresh)_?(key|token))$/i
/** Names that look like one and are not: a public prefix, a flag, an instant. */
const harmless = /^(has_|is)|(prefix|at|name|type|id|max|count)$/i

/** Every property below `schema`, with whether it, or what it wraps, carries the mark. */
function* properties(
  schema: z.core.$ZodType,
  seen = new Set<z.core.$ZodType>(),
): Generator<[string, z.core.$ZodType]> {
  if (seen.has(schema)) return
  seen.add(schema)
  if (schema instanceof z.ZodObject) {
    for (const [name, child] of Object.entries(schema.shape)) {
      yield [name, child]
      yield* properties(child, seen)
    }
  } else for (const inner of innerOf(schema)) yield* properties(inner, seen)
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType[] {
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

function isMarked(schema: z.core.$ZodType): boolean {
  return secrets.has(schema) || innerOf(schema).some((inner) => isMarked(inner))
}

const holdsText = (schema: z.core.$ZodType): boolean =>
  schema instanceof z.ZodString || innerOf(schema).some((inner) => holdsText(inner))

describe('secret fields', () => {
  it('carry the mark in every body and every answer', () => {
    const unmarked = allRoutes.flatMap((route) => {
      const schemas = [route.body, ...Object.values(route.answers)].filter(
        (part) => part instanceof z.ZodType,
      )
      return schemas.flatMap((schema) =>
        [...properties(schema)]
          .filter(([name, child]) => secretName.test(name) && !harmless.test(name) && holdsText(child))
          .filter(([, child]) => !isMarked(child))
          .map(([name]) => `${route.id}: ${name}`),
      )
    })
    expect(unmarked).toEqual([])
  })

  it('an unmarked password would be seen', () => {
    const body = z.object({ user: z.object({ password: z.string().min(8).optional() }).optional() })
    const found = [...properties(body)].filter(([name, child]) => secretName.test(name) && !isMarked(child))
    expect(found.map(([name]) => name)).toEqual(['password'])
  })
})
