import type { Field } from '@holdfast/contracts/builder/fields'
import { describe, expect, it } from 'vitest'
import { changedValues, checkValues, startValues } from './record-values.ts'

const field = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => ({
  id: name,
  name,
  type,
  required: false,
  description: '',
  order: 0,
  refEndpointId: null,
  minimum: null,
  maximum: null,
  minLength: null,
  maxLength: null,
  choices: null,
  unique: false,
  indexed: false,
  hidden: false,
  readGroupIds: [],
  writeGroupIds: [],
  children: [],
  ...more,
})

describe('the form of a record', () => {
  const fields = [
    field('title', 'string', { required: true }),
    field('tags', 'array'),
    field('size', 'object', { children: [field('width', 'number')] }),
    field('supplier', 'reference'),
    field('inStock', 'boolean', { defaultValue: true }),
  ]

  it('begins a new record with the defaults', () => {
    expect(startValues(fields, undefined)).toMatchObject({ inStock: true, title: null, tags: '' })
  })

  it('sends back what it was given', () => {
    const stored = { title: 'Pan', tags: ['a'], size: { width: 3 }, supplier: 's1', inStock: false }
    const populated = { ...stored, supplier: { id: 's1', name: 'Northwind' } }
    expect(checkValues(fields, startValues(fields, populated))).toEqual({ body: stored, errors: new Map() })
  })

  it('leaves out an object of which nothing is filled in', () => {
    expect(checkValues(fields, { ...startValues(fields, undefined), title: 'Pan' }).body).toEqual({
      title: 'Pan',
      inStock: true,
    })
  })

  it('names what is required and what is no JSON', () => {
    const { errors } = checkValues(fields, { title: '', tags: '[1,' })
    expect([...errors.keys()]).toEqual(['title', 'tags'])
  })

  it('sends only what was changed, and nothing for what was emptied', () => {
    expect(
      changedValues(
        { title: 'Pot', size: { width: 3 } },
        { title: 'Pan', size: { width: 3 }, supplier: 's1' },
      ),
    ).toEqual({
      title: 'Pot',
      supplier: null,
    })
  })
})
