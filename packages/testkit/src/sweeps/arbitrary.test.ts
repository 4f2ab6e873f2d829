import { isUpload } from '@holdfast/contracts/kit/media'
import { allRoutes } from '@holdfast/contracts/routes'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inputsOf } from './arbitrary.ts'
import { brokenInputs } from './broken-input.ts'

describe('generated inputs', () => {
  const schemas: Record<string, z.ZodType> = {
    text: z.string().min(3).max(5),
    trimmed: z.string().trim().min(1),
    checked: z.string().trim().toLowerCase().max(254).pipe(z.email()),
    formats: z.object({
      id: z.uuid(),
      mail: z.email(),
      at: z.iso.datetime(),
      hex: z.string().regex(/^[0-9a-f]{24}$/),
    }),
    numbers: z.object({
      whole: z.int().min(-3).max(9),
      part: z.number().positive(),
      page: z.coerce.number().min(1),
    }),
    choices: z.union([z.literal('a'), z.enum(['b', 'c']), z.null()]),
    lists: z.array(z.boolean()).min(1).max(4),
    defaults: z.object({ name: z.string().default('x'), tags: z.array(z.string()).optional() }),
    refined: z.object({ from: z.int(), to: z.int() }).refine(({ from, to }) => from <= to),
    transformed: z.array(z.string()).transform((names) => names.length),
    records: z.record(z.string(), z.int()),
  }

  it.each(Object.entries(schemas))('are accepted by their schema: %s', (_name, schema) => {
    const values = inputsOf(schema, { count: 100, seed: 1 })
    expect(values.length).toBeGreaterThan(0)
    expect(values.filter((value) => !schema.safeParse(value).success)).toEqual([])
  })

  it('reach every choice and leave out what may be left out', () => {
    const values = inputsOf(z.object({ kind: z.enum(['a', 'b']), note: z.string().optional() }), {
      count: 200,
      seed: 1,
    })
    expect(new Set(values.map((value) => JSON.stringify(Object.keys(value as object).toSorted()))).size).toBe(
      2,
    )
    expect(new Set(values.map((value) => (value as { kind: string }).kind))).toEqual(new Set(['a', 'b']))
  })

  it('a tree ends', () => {
    const Tree: z.ZodType = z.object({
      name: z.string(),
      get children() {
        return z.array(Tree)
      },
    })
    const values = inputsOf(Tree, { count: 20, seed: 1 })
    expect(values.length).toBeGreaterThan(0)
    expect(values.filter((value) => !Tree.safeParse(value).success)).toEqual([])
  })

  const withInput = allRoutes.filter(({ body }) => body !== undefined && !isUpload(body))
  it.each(withInput.map((route) => [route.id, route] as const))('can be made for %s', (_id, route) => {
    const schema = route.body as z.ZodType
    const values = inputsOf(schema, { count: 20, seed: 1 })
    expect(values.length).toBeGreaterThan(0)
    expect(values.filter((value) => !schema.safeParse(value).success)).toEqual([])
  })
})

describe('broken inputs', () => {
  const schema = z.object({ name: z.string().min(1).max(80), size: z.int().optional() })
  const broken = brokenInputs(schema, { name: 'Chair' })

  it('are refused by the schema, each for the field it names', () => {
    expect(broken.filter(({ value }) => schema.safeParse(value).success)).toEqual([])
    expect(new Set(broken.map(({ field }) => field))).toEqual(new Set(['name', 'size']))
  })

  it('cover what is missing, of another type, too small and too large', () => {
    const what = broken.map((each) => each.what)
    expect(what).toEqual(expect.arrayContaining(['without name', 'name = true', 'name = ""', 'size = 1.5']))
    expect(what.some((text) => text.startsWith('name = "xxxx'))).toBe(true)
    expect(what).not.toContain('without size')
  })
})
