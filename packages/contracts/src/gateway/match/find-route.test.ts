import { describe, expect, it } from 'vitest'
import { createRouteMatcher, type MatchableRoute } from './find-route.ts'

let made = 0
function routeOf(method: string, pathPattern: string, host: string | null = null): MatchableRoute {
  made += 1
  return {
    id: `r${made}`,
    method,
    pathPattern,
    pathMatch: 'prefix',
    host,
    createdAt: `2026-01-01T00:00:${made}Z`,
  }
}

describe('which route answers', () => {
  const orders = routeOf('ANY', '/orders')
  const invoice = routeOf('GET', '/orders/:id/invoice')
  const hosted = routeOf('GET', '/', 'api.example.com')
  const match = createRouteMatcher([orders, invoice, hosted])

  it('the longer pattern wins, and a method that it has not falls back to ANY above it', () => {
    expect(match('GET', null, '/orders/7/invoice')).toEqual({ route: invoice })
    expect(match('PUT', null, '/orders/7/invoice')).toEqual({ route: orders })
  })

  it('a route that names the host wins over one that does not, and answers no other host', () => {
    expect(match('GET', 'api.example.com', '/orders')).toEqual({ route: hosted })
    expect(match('POST', 'api.example.com', '/orders')).toEqual({ route: orders })
    expect(match('GET', 'www.example.com', '/other')).toBeNull()
  })

  it.each([
    ['the only route', [hosted]],
    ['of several, all with hosts', [hosted, routeOf('GET', '/', 'www.example.com')]],
  ])('%s names a host: it answers there and nowhere else', (_title, routes) => {
    const found = createRouteMatcher(routes)
    expect(found('GET', 'api.example.com', '/orders')).toEqual({ route: hosted })
    expect(found('GET', 'other.example.com', '/orders')).toBeNull()
    expect(found('GET', null, '/orders')).toBeNull()
  })

  it('a path that servers read in different ways is refused before any route is looked at', () => {
    expect(match('GET', null, '/orders/..%2fadmin')).toBe('refused')
  })
})
