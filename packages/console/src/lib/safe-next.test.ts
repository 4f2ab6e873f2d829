import { expect, test } from 'vitest'
import { safeNext } from './safe-next.ts'

test('a path of the console is kept with its search', () => {
  expect(safeNext('/admin/users?search=ada')).toBe('/admin/users?search=ada')
})

test.each([
  undefined,
  '',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/\n/evil.example',
])('%j does not lead out of the console', (next) => {
  expect(safeNext(next)).toBe('/')
})
