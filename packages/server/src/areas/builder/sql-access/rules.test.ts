import { describe, expect, it } from 'vitest'
import { testCollection } from '@holdfast/testkit/record-server'
import { viewPlans } from './rules.ts'

const names = (...paths: string[]) =>
  viewPlans(paths.map((path) => testCollection(path))).map(({ name }) => name)

describe('the names of views', () => {
  it('come from the path, and no two are the same', () => {
    expect(names('/api/shop/items', '/api/shop-items', '/api/2026', '/api/größen')).toEqual([
      'r_2026',
      'gr_en',
      'shop_items',
      'shop_items_2',
    ])
  })

  it('are no longer than PostgreSQL keeps them', () => {
    const [first = '', second = ''] = names(`/api/${'a'.repeat(100)}`, `/api/${'a'.repeat(101)}`)
    expect([first.length, second.length]).toEqual([63, 63])
    expect(second.endsWith('_2')).toBe(true)
  })

  it('records without fields are one column, without what once belonged to a field', () => {
    const [plan] = viewPlans([{ ...testCollection('/api/any'), usedKeys: new Set(['secret']) }])
    expect(plan).toMatchObject({ columns: [], restWithoutKeys: ['secret'] })
  })
})
