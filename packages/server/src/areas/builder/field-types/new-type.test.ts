import type { FieldType } from '@holdfast/contracts/builder/fields'
import { crud, type RecordServer, startRecordServer, testCollection } from '@holdfast/testkit/record-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpointField } from '../endpoints/fixtures.ts'
import { columnsOf, recordOfCells } from '../records/transfer/csv.ts'
import { viewPlans } from '../sql-access/rules.ts'
import { type FieldTypeDefinition, orderedOperators, refuse } from './definition.ts'
import { fieldTypeDefinitions } from './index.ts'

/** A type that the product does not have: a size such as `10x20`, stored as its area. */
const sizeName: string = 'size'
const size: FieldTypeDefinition = {
  name: sizeName as FieldType,
  compile: () => (value, path, report) =>
    typeof value === 'number' ? value : (areaOf(value) ?? refuse(report, path, 'must be a size')),
  sample: () => '10x20',
  jsonSchema: () => ({ type: 'string' }),
  typescript: () => 'string',
  sqlCast: 'numeric',
  sqlColumn: 'numeric',
  operators: orderedOperators,
  parseText: areaOf,
  textHint: 'a size such as 10x20',
  parsePiece: (text) => text,
  isSearched: false,
  parseCell: (text) => areaOf(text) ?? text,
  convert: areaOf,
}

function areaOf(value: unknown): number | undefined {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(typeof value === 'string' ? value : '') ?? []
  return width === undefined || height === undefined ? undefined : Number(width) * Number(height)
}

const fields = [
  endpointField({ name: 'name', type: 'string' }),
  endpointField({ name: 'screen', type: sizeName as FieldType }),
]
const screens = testCollection('/api/screens', fields)

describe('a field type that is one file and its line', () => {
  let server: RecordServer
  beforeAll(async () => {
    Object.assign(fieldTypeDefinitions, { [sizeName]: size })
    server = await startRecordServer(crud(screens, fields))
    for (const [name, screen] of [
      ['small', '3x4'],
      ['wide', '100x2'],
      ['large', '30x40'],
    ])
      await server.call('POST', '/api/screens', { body: { name, screen } })
  })
  afterAll(async () => {
    Reflect.deleteProperty(fieldTypeDefinitions, sizeName)
    await server.stop()
  })

  const names = async (query: string) => {
    const { status, body } = await server.call('GET', `/api/screens?${query}`)
    return status === 200 ? body.data.map(({ name }) => name) : body.error
  }

  it('is checked and stored as it says', async () => {
    const { body } = await server.call('POST', '/api/screens', { body: { screen: 'huge' } })
    expect(body.error).toBe('Field "screen" must be a size')
    expect((await server.call('GET', '/api/screens?filter[name]=wide')).body.data).toMatchObject([
      { screen: 200 },
    ])
  })

  it.each([
    ['filter[screen]=20x10', ['wide']],
    ['filter[screen][gt]=10x10', ['large', 'wide']],
    ['filter[screen][in]=3x4,1x1', ['small']],
    ['sort=screen', ['small', 'wide', 'large']],
  ])('is filtered and sorted by its own order: %s', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })

  it('refuses what it cannot be asked, in its own words', async () => {
    expect(await names('filter[screen]=huge')).toContain('must be a size such as 10x20')
    expect(await names('filter[screen][contains]=1')).toContain('which size fields have')
    // Its digits are no text to search.
    expect(await names('search=1200')).toEqual([])
  })

  it('is read from the cells of a table, and is a column of its type in SQL', () => {
    expect(recordOfCells(['name', 'screen'], ['tiny', '1x2'], columnsOf(screens, []))).toEqual({
      name: 'tiny',
      screen: 2,
    })
    expect(viewPlans([screens])[0]?.columns.map(({ name, type }) => [name, type])).toEqual([
      ['name', 'text'],
      ['screen', 'numeric'],
    ])
  })
})
