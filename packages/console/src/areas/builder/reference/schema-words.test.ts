import { describe, expect, it } from 'vitest'
import { groupOperations, readDescription, tagWords } from './document.ts'
import { exampleOf, partsOf, typeWords } from './schema-words.ts'

const schemas = {
  Lamp: {
    type: 'object',
    properties: {
      title: { type: 'string' },
      watts: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
      parts: { type: 'array', items: { $ref: '#/components/schemas/Lamp' } },
    },
    required: ['title', 'watts'],
  },
}
const lamp = { $ref: '#/components/schemas/Lamp' }

describe('a JSON schema in words', () => {
  it('says what a value is, through references and alternatives', () => {
    expect(typeWords({ type: 'array', items: lamp }, schemas)).toBe('list of object')
    expect(typeWords({ enum: ['a', 'b'] }, schemas)).toBe('"a" or "b"')
    expect(typeWords({ anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] }, schemas)).toBe(
      'string (uuid) or null',
    )
    expect(typeWords({}, schemas)).toBe('any value')
  })

  it('lists the parts of objects and of the objects in a list', () => {
    const parts = partsOf({ type: 'array', items: lamp }, schemas)
    expect(parts.map(({ name, required }) => [name, required])).toEqual([
      ['title', true],
      ['watts', true],
      ['parts', false],
    ])
  })

  it('lists the parts of one thing where a list of it may come instead', () => {
    const either = { anyOf: [lamp, { type: 'array', items: lamp, minItems: 1 }] }
    expect(partsOf(either, schemas)).toEqual(partsOf(lamp, schemas))
    expect(partsOf({ anyOf: [lamp, { type: 'array', items: { type: 'string' } }] }, schemas)).toEqual([])
  })

  it('gives an example with what is required, and ends for a schema that holds itself', () => {
    expect(exampleOf(lamp, schemas)).toEqual({ title: '', watts: 1 })
    const endless = {
      Node: {
        type: 'object',
        properties: { next: { $ref: '#/components/schemas/Node' } },
        required: ['next'],
      },
    }
    expect(JSON.stringify(exampleOf({ $ref: '#/components/schemas/Node' }, endless)).length).toBeLessThan(200)
  })
})

describe('the operations of a description', () => {
  const operation = { operationId: 'users.list', summary: 'List users', tags: ['users'], responses: {} }
  const { operations } = readDescription({
    paths: {
      '/api/users': { get: { ...operation, security: [{ bearer: [] }] } },
      '/api/lamps': {
        post: { ...operation, operationId: 'r1', summary: 'Lamps', tags: ['endpointRecords'] },
      },
    },
    components: {},
  })

  it('are filed by what they are about, those of the endpoints defined here first', () => {
    expect(groupOperations(operations, '').map(([tag]) => tagWords(tag))).toEqual([
      'Endpoints defined here',
      'Users',
    ])
    expect(operations.map(({ method, isPublic }) => [method, isPublic])).toEqual([
      ['GET', false],
      ['POST', true],
    ])
  })

  it('are found by every word, in any order', () => {
    const found = (text: string) => groupOperations(operations, text).flatMap(([, listed]) => listed.length)
    expect(found('users get')).toEqual([1])
    expect(found('users post')).toEqual([])
  })
})
