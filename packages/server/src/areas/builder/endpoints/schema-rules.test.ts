import type { FieldInput, FieldType } from '@holdfast/contracts/builder/fields'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveSchema, type SchemaResult } from './schema-rules.ts'
import type { FieldUse, StoredField } from './stored.ts'

function field(name: string, type: FieldType = 'string', more: Partial<FieldInput> = {}): FieldInput {
  return { name, type, required: false, description: '', children: [], ...more }
}

/** One collection with two endpoints, whose records hold a value in every key ever given. */
function createHistory() {
  let fields: readonly StoredField[] = []
  const schemas: [readonly FieldUse[], readonly FieldUse[]] = [[], []]
  let ids = 0
  return {
    fields: () => fields,
    schema: (endpoint: 0 | 1) => schemas[endpoint],
    apply(
      endpoint: 0 | 1,
      inputs: FieldInput[],
      emptyFieldIds: ReadonlySet<string> = new Set(),
    ): SchemaResult {
      const other = endpoint === 0 ? 1 : 0
      const result = resolveSchema({
        collectionId: 'c',
        fields,
        own: schemas[endpoint],
        siblings: [{ endpointId: 'other', uses: schemas[other] }],
        inputs,
        collectionOfEndpoint: new Map(),
        emptyFieldIds,
        newId: () => `f${String((ids += 1)).padStart(4, '0')}`,
      })
      if (result.mistakes.length > 0 || result.conflicts.length > 0) return result
      fields = result.fields
      schemas[endpoint] = result.uses
      schemas[other] = result.siblings[0]?.uses ?? schemas[other]
      return result
    },
  }
}

describe('schema evolution', () => {
  it('two fields can exchange their names', () => {
    const history = createHistory()
    history.apply(0, [field('a'), field('b')])
    const [a, b] = history.fields()
    history.apply(0, [field('b', 'string', { id: a?.id }), field('a', 'string', { id: b?.id })])
    expect(history.fields().map(({ id, key, name }) => [id, key, name])).toEqual([
      [a?.id, 'a', 'b'],
      [b?.id, 'b', 'a'],
    ])
  })

  it('one field cannot be meant twice', () => {
    const history = createHistory()
    history.apply(0, [field('a')])
    const id = history.fields()[0]?.id
    const { mistakes } = history.apply(0, [field('a', 'string', { id }), field('b', 'string', { id })])
    expect(mistakes).toMatchObject([{ path: 'schema.1.id' }])
  })

  it('a nested field is lost with the path of its values', () => {
    const history = createHistory()
    history.apply(0, [field('items', 'array', { children: [field('sku'), field('price', 'number')] })])
    const { losses } = history.apply(0, [field('items', 'array', { children: [field('sku')] })])
    expect(losses).toMatchObject([
      { name: 'items.price', keyPath: [{ key: 'items' }, 'items', { key: 'price' }], replacedBy: null },
    ])
  })

  it('a field that another endpoint still uses is not lost', () => {
    const history = createHistory()
    history.apply(0, [field('a')])
    history.apply(1, [field('a')])
    expect(history.apply(0, []).losses).toEqual([])
    expect(history.apply(1, []).losses).toMatchObject([{ name: 'a' }])
  })

  it('a field removed without values leaves its name and its key free', () => {
    const history = createHistory()
    history.apply(0, [field('a')])
    const id = history.fields()[0]?.id ?? ''
    history.apply(0, [], new Set([id]))
    history.apply(0, [field('a', 'number')])
    expect(history.fields()).toMatchObject([{ id, key: 'a', type: 'number', isRetired: false }])
  })

  it('through any history no key gets a second field or type, names stay unique, and an old schema brings its fields back', () => {
    const input = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      type: fc.constantFrom<FieldType>('string', 'number'),
      byId: fc.boolean(),
      pick: fc.nat(),
    })
    const step = fc.record({
      endpoint: fc.constantFrom<0 | 1>(0, 1),
      inputs: fc.uniqueArray(input, { selector: ({ name }) => name, maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const history = createHistory()
        const born = new Map<string, { key: string; type: FieldType }>()
        for (const { endpoint, inputs } of steps) {
          const known = history.fields()
          const before = history.schema(endpoint)
          history.apply(
            endpoint,
            inputs.map(({ name, type, byId, pick }) =>
              field(name, type, byId && known.length > 0 ? { id: known[pick % known.length]?.id } : {}),
            ),
          )
          const fields = history.fields()
          for (const { id, key, type } of fields) {
            expect({ key, type }).toEqual(born.get(id) ?? { key, type })
            born.set(id, { key, type })
          }
          expect(new Set(fields.map(({ key }) => key)).size).toBe(fields.length)
          expect(known.every(({ id }) => fields.some((other) => other.id === id))).toBe(true)
          const live = fields.filter(({ isRetired }) => !isRetired)
          expect(new Set(live.map(({ name }) => name)).size).toBe(live.length)
          expect(
            [...history.schema(0), ...history.schema(1)].every(({ fieldId }) =>
              live.some(({ id }) => id === fieldId),
            ),
          ).toBe(true)

          const old = before.map(({ fieldId }) => known.find(({ id }) => id === fieldId))
          const restored = history.apply(
            endpoint,
            old.flatMap((was) => (was === undefined ? [] : [field(was.name, was.type, { id: was.id })])),
          )
          const isRefused = restored.conflicts.length + restored.mistakes.length > 0
          const after = history.schema(endpoint).map(({ fieldId }) => fieldId)
          expect(
            isRefused || JSON.stringify(after) === JSON.stringify(before.map(({ fieldId }) => fieldId)),
          ).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })
})
