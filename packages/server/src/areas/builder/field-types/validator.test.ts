import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectionModel, endpointField } from '../endpoints/fixtures.ts'
import type { Checked, EndpointField } from '../model.ts'
import { compileValidator } from './validator.ts'

const validatorOf = (fields: EndpointField[], retired: string[] = []) =>
  compileValidator(fields, collectionModel('/api/x', fields, retired))
const messages = (checked: Checked) => (checked.ok ? [] : checked.refusals.map(({ message }) => message))
const bodyOf = (checked: Checked) => (checked.ok ? checked.body : messages(checked))
const reference = { refEndpointId: 'e', refCollectionId: 'c' }
const id = '65f0c2a1b4e8d90012345678'

describe('checking a body', () => {
  it.each([
    ['string', 5, 'must be a string'],
    ['string', 'a\0b', 'must not hold broken or NUL characters'],
    ['number', '5', 'must be a number'],
    ['number', Number.POSITIVE_INFINITY, 'must be a number'],
    ['boolean', 'true', 'must be a boolean'],
    ['object', [], 'must be an object'],
    ['array', {}, 'must be an array'],
    ['datetime', '2026-02-30', 'must be a valid datetime'],
    ['datetime', 'yesterday', 'must be a valid datetime'],
    ['reference', 7, 'must be a reference ID string'],
    ['reference', 'abc', 'must be a valid record ID'],
    ['reference', id, 'must specify a target endpoint'],
  ] as const)('%s refuses %j: %s', (type, value, message) => {
    expect(messages(validatorOf([endpointField({ name: 'x', type })]).create({ x: value }, []))).toEqual([
      `Field "x" ${message}`,
    ])
  })

  it.each([
    ['datetime', '2026-01-15', '2026-01-15T00:00:00.000Z'],
    ['datetime', '2026-01-15T10:00:00+02:00', '2026-01-15T08:00:00.000Z'],
    ['datetime', 0, '1970-01-01T00:00:00.000Z'],
    ['number', -0.5, -0.5],
    ['json', [1, { a: null }], [1, { a: null }]],
    ['object', { any: 1 }, { any: 1 }],
    ['number', '', null],
    ['string', '', ''],
  ] as const)('%s stores %j as %j', (type, value, stored) => {
    expect(bodyOf(validatorOf([endpointField({ name: 'x', type })]).create({ x: value }, []))).toEqual({
      x: stored,
    })
  })

  it('every mistake is named, nested ones with their path', () => {
    const child = endpointField({ name: 'sku', type: 'string', required: true })
    const fields = [
      endpointField({ name: 'title', type: 'string', required: true }),
      endpointField({ name: 'items', type: 'array', children: [child] }),
    ]
    const checked = validatorOf(fields).create(
      { items: [{ sku: 'a' }, { sku: 1 }, { other: 1, sku: 'b' }, 5], extra: 1 },
      [],
    )
    expect(messages(checked)).toEqual([
      'Field "title" is required',
      'Field "items.1.sku" must be a string',
      'Unknown field "items.2.other"',
      'Field "items.3" must be an object',
      'Unknown field "extra"',
    ])
  })

  it.each([undefined, null, ''])('a required field refuses %j, and a default satisfies it', (value) => {
    const field = endpointField({ name: 'x', type: 'string', required: true })
    expect(messages(validatorOf([field]).create({ x: value }, []))).toEqual(['Field "x" is required'])
    expect(bodyOf(validatorOf([{ ...field, defaultValue: 'd' }]).create({}, []))).toEqual({ x: 'd' })
  })

  it('names of JavaScript’s own properties are ordinary names', () => {
    const validator = validatorOf([
      endpointField({ name: 'constructor', type: 'string' }),
      endpointField({ name: 'toString', type: 'string', required: true }),
    ])
    expect(messages(validator.create({}, []))).toEqual(['Field "toString" is required'])
    expect(messages(validator.create(JSON.parse('{"toString":"x","__proto__":{"a":1}}'), []))).toEqual([])
    expect(bodyOf(validator.create({ toString: 'x' }, []))).toEqual({ toString: 'x' })
  })

  it.each([null, [], 'text', 5])('%j is no record', (body) => {
    expect(messages(validatorOf([]).create(body, []))).toEqual(['The body must be a JSON object'])
  })

  it('references are collected for the caller to look up; a change lists only its own', () => {
    const fields = ['a', 'b'].map((name) => endpointField({ name, type: 'reference', ...reference }))
    const created = validatorOf(fields).create({ a: id.toUpperCase(), b: id }, [])
    expect(created.ok && created.references).toEqual([
      { path: 'a', collectionId: 'c', recordId: id },
      { path: 'b', collectionId: 'c', recordId: id },
    ])
    const patched = validatorOf(fields).patch({ a: id }, { a: id, b: id }, [])
    expect(patched.ok && patched.references.map(({ path }) => path)).toEqual(['a'])
  })
})

describe('changing a record', () => {
  const fields = [
    endpointField({ name: 'title', key: 'name', type: 'string', required: true }),
    endpointField({ name: 'price', type: 'number', defaultValue: 1 }),
    endpointField({ name: 'secret', type: 'string', hidden: true }),
    endpointField({ name: 'grade', type: 'string', writeGroupIds: ['teachers'] }),
  ]
  const stored = { name: 'Old', price: 5, secret: 's', grade: 'A', gone: 'retired' }
  const validator = validatorOf(fields, ['gone'])

  it('replacing forgets what is left out, except what the writer cannot see or set', () => {
    expect(bodyOf(validator.replace({ title: 'New' }, stored, []))).toEqual({
      name: 'New',
      secret: 's',
      grade: 'A',
      gone: 'retired',
    })
  })

  it('merging keeps what is left out, and checks the whole', () => {
    expect(bodyOf(validator.patch({ price: 6 }, stored, []))).toEqual({ ...stored, price: 6 })
    expect(messages(validator.patch({ price: 6 }, { price: 5 }, []))).toEqual(['Field "title" is required'])
  })

  it('a record can be sent back as it was answered', () => {
    const answered = { _id: id, id, title: 'Old', price: 5, createdAt: 'x', updatedAt: 'x' }
    expect(bodyOf(validator.replace(answered, stored, []))).toEqual(stored)
  })

  it('a field of other groups is refused as forbidden, and may be set by its own', () => {
    expect(validator.patch({ grade: 'F' }, stored, [])).toMatchObject({ ok: false, forbidden: true })
    expect(bodyOf(validator.patch({ grade: 'F' }, stored, ['teachers']))).toEqual({ ...stored, grade: 'F' })
    const free = compileValidator([], collectionModel('/api/x', fields))
    expect(free.create({ grade: 'F' }, [])).toMatchObject({ ok: false, forbidden: true })
  })
})

describe('an endpoint without a schema', () => {
  it('stores any object, and shows exactly that again', () => {
    const fields = [endpointField({ name: 'title', key: 'name', type: 'string' })]
    const collection = collectionModel('/api/x', fields, ['gone'])
    const validator = compileValidator([], collection)
    const ownNames = new Set(['_id', 'id', 'createdAt', 'updatedAt', '__proto__'])
    const name = fc
      .oneof(fc.constantFrom('title', 'name', 'gone', 'other'), fc.string())
      .filter(
        (text) => !text.startsWith('~') && !ownNames.has(text) && !text.includes('\0') && text.isWellFormed(),
      )
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.constant('text'))),
        (body) => {
          const plain = { ...body }
          const checked = validator.create(plain, [])
          expect(checked.ok && collection.codec.decode(checked.body, [])).toEqual(plain)
        },
      ),
    )
  })
})

describe('any schema and any body', () => {
  const leaf = fc
    .constantFrom('string', 'number', 'boolean', 'datetime', 'json', 'object', 'array')
    .map((type) => ({ type }) as const)
  const schema = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), leaf, fc.boolean()), {
    selector: ([name]) => name,
    minLength: 1,
  })
  const body = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.jsonValue())

  it('what was accepted is accepted again as it is shown, and is stored the same', () => {
    fc.assert(
      fc.property(schema, body, (shape, input) => {
        const fields = shape.map(([name, { type }, required], index) =>
          endpointField({ name, key: `${name}~${index}`, type, required }),
        )
        const collection = collectionModel('/api/x', fields)
        const validator = compileValidator(fields, collection)
        const first = validator.create({ ...input }, [])
        fc.pre(first.ok)
        const again = validator.replace(collection.codec.decode(first.body, []), first.body, [])
        expect(bodyOf(again)).toEqual(first.body)
        expect(bodyOf(validator.patch({}, first.body, []))).toEqual(first.body)
      }),
      { numRuns: 300 },
    )
  })
})
