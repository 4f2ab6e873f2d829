import { bodySchemas, innerOf, isSecret, schemaProperties } from '@holdfast/contracts/kit/secret'
import { allRoutes } from '@holdfast/contracts/routes'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sources } from './sources.ts'

/** Names that hold a secret wherever they stand in a body or an answer. */
const secretName =
  /^(password|current_?password|new_?password|secret|token|.*(api|access|refresh)_?(key|token))$/i
/** Names that look like one and are not: a public prefix, a flag, an instant. */
const harmless = /^(has_|is)|(prefix|at|name|type|id|max|count)$/i

const holdsText = (schema: z.core.$ZodType): boolean =>
  schema instanceof z.ZodString || innerOf(schema).some((inner) => holdsText(inner))

describe('secret fields', () => {
  it('carry the mark in every body and every answer', () => {
    const unmarked = allRoutes.flatMap((route) =>
      bodySchemas(route).flatMap((schema) =>
        [...schemaProperties(schema)]
          .filter(([name, child]) => secretName.test(name) && !harmless.test(name) && holdsText(child))
          .filter(([, child]) => !isSecret(child))
          .map(([name]) => `${route.id}: ${name}`),
      ),
    )
    expect(unmarked).toEqual([])
  })

  it('every logger that writes knows their names', () => {
    const makers = sources('packages/*/src/**/*.ts').filter(
      ({ path }) => path !== 'packages/kernel/src/logger.ts',
    )
    const calls = makers.flatMap(({ path, text }) =>
      [...text.matchAll(/createLogger\((\{[^}]*\})/g)].map(([, options = '']) => ({ path, options })),
    )
    expect(calls.length).toBeGreaterThan(3)
    const without = calls.filter(
      ({ options }) => !options.includes('secretFields: secretNames') && !options.includes("level: 'silent'"),
    )
    expect(without).toEqual([])
  })

  it('an unmarked password would be seen', () => {
    const body = z.object({ user: z.object({ password: z.string().min(8).optional() }).optional() })
    const found = [...schemaProperties(body)].filter(
      ([name, child]) => secretName.test(name) && !isSecret(child),
    )
    expect(found.map(([name]) => name)).toEqual(['password'])
  })
})
