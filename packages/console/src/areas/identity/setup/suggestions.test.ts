import { expect, test } from 'vitest'
import { suggestions } from './suggestions.ts'

test('only pages that exist are suggested, at most three', () => {
  const reachable = new Set(['/admin/users', '/admin/groups', '/admin/settings', '/admin/activity'])
  const found = suggestions('api', reachable)
  expect(found).toHaveLength(3)
  expect(found.every((one) => reachable.has(one.needs))).toBe(true)
})

test('what was wished for comes first', () => {
  const reachable = new Set(['/build', '/admin/users', '/admin/groups'])
  expect(suggestions('api', reachable)[0]?.needs).toBe('/build')
  expect(suggestions('gateway', new Set(['/build', '/gateway/services', '/admin/users']))[0]?.needs).toBe(
    '/gateway/services',
  )
  expect(suggestions('fleet', reachable).map((one) => one.needs)).not.toContain('/build')
})
