import { expect, test } from 'vitest'
import { parseSort, writeSort } from './columns.ts'

test.each(['name', '-createdAt', undefined])('the sort %s survives the address', (sort) => {
  expect(writeSort(parseSort(sort))).toBe(sort)
})
