import { House } from 'lucide-react'
import { expect, test } from 'vitest'
import type { Area } from '../areas/area.ts'
import { visibleAreas } from './visible-areas.ts'

const page = (to: string, permissions?: string[]) => ({
  to,
  label: to,
  icon: House,
  summary: '',
  ...(permissions ? { permissions } : {}),
})
const areas: Area[] = [
  { id: 'home', label: 'Home', icon: House, pages: [page('/')] },
  {
    id: 'admin',
    label: 'Admin',
    icon: House,
    pages: [page('/users', ['view', 'manage_users']), page('/logs', ['view_logs'])],
  },
]
const shown = (...permissions: string[]) =>
  visibleAreas(areas, permissions).map((area) => [area.id, ...area.pages.map(({ to }) => to)])

test('any of the permissions of a page shows it', () => {
  expect(shown('manage_users')).toEqual([
    ['home', '/'],
    ['admin', '/users'],
  ])
})

test('an area without a page for this person is not in the rail', () => {
  expect(shown()).toEqual([['home', '/']])
})
