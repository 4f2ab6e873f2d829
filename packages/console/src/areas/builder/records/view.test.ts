import { describe, expect, it } from 'vitest'
import { queryOf, readRecordsView } from './view.ts'

describe('the view of records in the address', () => {
  it('leaves out what somebody has mistyped and keeps the rest', () => {
    const where = [['price', 'gt', '10'], ['price', 'drop table', '1'], 'nonsense', ['a', 'eq']]
    expect(readRecordsView({ where, sort: 7, search: 42, other: 'x' })).toEqual({
      where: [['price', 'gt', '10']],
      search: '42',
    })
    expect(readRecordsView({ where: 'x' })).toEqual({})
  })

  it('becomes the query of the runtime, several conditions on one field included', () => {
    const query = queryOf({
      where: [
        ['size.width', 'gte', '1'],
        ['size.width', 'lt', '9'],
      ],
      search: 'a&b',
      sort: '-price',
    })
    expect([...query]).toEqual([
      ['filter[size.width][gte]', '1'],
      ['filter[size.width][lt]', '9'],
      ['search', 'a&b'],
      ['sort', '-price'],
    ])
  })
})
