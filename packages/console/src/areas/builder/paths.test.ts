import { describe, expect, it } from 'vitest'
import { basePathOf, parametersOf, suggestPath } from './paths.ts'

describe('paths of endpoints', () => {
  it('share records by their path without parameters', () => {
    expect(basePathOf('/api/shops/:shop/items/:id')).toBe('/api/shops/items')
    expect(parametersOf('/api/shops/:shop/items/:id')).toEqual(['shop', 'id'])
  })

  it.each([
    ['Product', '/api/products'],
    ['Order line', '/api/order-lines'],
    ['Category', '/api/categories'],
    ['Box', '/api/boxes'],
    ['Café', '/api/cafes'],
    ['Key', '/api/keys'],
    ['', ''],
  ])('%s is suggested as %s', (name, path) => {
    expect(suggestPath(name)).toBe(path)
  })
})
