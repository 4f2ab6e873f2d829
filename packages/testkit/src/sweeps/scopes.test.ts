import { scopeNames } from '@holdfast/contracts/identity/token-scopes'
import { createApiToken } from '@holdfast/contracts/identity/tokens'
import type { RouteShape } from '@holdfast/contracts/kit/route'
import { permissionNames } from '@holdfast/contracts/permissions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anyCall, scenarioTable } from './scenarios/all.ts'
import { createWorld, type World } from './world.ts'

const closed = scenarioTable.map(([, route]) => route).filter(({ access }) => !('public' in access))

/**
 * What each scope promises, as method and path. Written by hand, from the guide: a route that a scope opens by the way it
 * happens to be named shows here.
 */
const people = /^\/api\/(users|groups|roles)(\/|$)/
const endpoints = /^\/api\/endpoints($|\/groups|\/\{id\}($|\/(docs|examples|test|versions)))/
const automations = /^\/api\/(cron|secrets|webhooks)(\/|$)|^\/api\/endpoints\/\{id\}\/handlers\//
const operations = /^\/api\/operations(\/|$)/
const reading = (path: RegExp) => (route: RouteShape) => route.method === 'GET' && path.test(route.path)
const any = (path: RegExp) => (route: RouteShape) => path.test(route.path)
const nothing = () => false
const promises: Record<string, (route: RouteShape) => boolean> = {
  'users:read': reading(people),
  'users:write': any(people),
  'users:*': any(people),
  'records:read': nothing,
  'records:write': nothing,
  'endpoints:read': reading(endpoints),
  'endpoints:write': any(endpoints),
  'automations:read': reading(automations),
  'automations:*': any(automations),
  'organizations:read': reading(/^\/api\/tenants(\/|$)/),
  'organizations:*': any(/^\/api\/tenants(\/|$)/),
  'tokens:*': any(/^\/v1\/api-tokens(\/|$)/),
  'logs:read': reading(/^\/api\/dashboard\/logs(\/|$)/),
  'audit:read': (route) =>
    reading(/^\/(api\/audit|v1\/admin\/audit-logs)(\/|$)/)(route) || operations.test(route.path),
  'config:read': reading(/^\/api\/config($|\/\{key\})/),
  'config:*': any(/^\/api\/config($|\/\{key\})/),
  'plugins:read': reading(/^\/api\/plugins(\/|$)/),
  'plugins:*': any(/^\/api\/plugins(\/|$)/),
}
const toEveryToken = new Set([
  'GET /api/auth/me',
  'GET /api/profile',
  'GET /v1/users/me',
  'GET /v1/permissions',
  'POST /api/mcp',
  'POST /v1/api-tokens/{id}/rotate',
])

function isPromised(scope: string, route: RouteShape): boolean {
  if (scope === '*' || toEveryToken.has(`${route.method} ${route.path}`)) return true
  const promise = promises[scope]
  if (promise !== undefined) return promise(route)
  if (operations.test(route.path)) return scope === 'manage_api' || scope === 'view_audit'
  const { access } = route
  return 'permission' in access && [access.permission].flat().some((name) => name === scope)
}

describe('scopes of tokens', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.stop())

  it('every scope says here what it opens', () => {
    const known = [...Object.keys(promises), ...permissionNames, '*']
    expect(known.toSorted()).toEqual(scopeNames.toSorted())
  })

  it.each(scopeNames.filter((name) => name !== '*'))(
    '%s opens the routes that it names to an administrator’s token, and no other',
    async (scope) => {
      const admin = await world.admin()
      const made = await admin.client.call(createApiToken, { body: { name: scope, scopes: [scope] } })
      const as = { headers: { 'x-api-key': made.token } }
      const ask = async (route: RouteShape) => {
        const { params, ...call } = anyCall(route)
        // In the owner's organization: whether it is theirs is asked before the scopes.
        const own = 'organization' in route.access ? { ...params, tenantId: admin.tenantId } : params
        const { status, body } = await world.send(route, { ...call, params: own, as })
        const refused = status === 403 && (body as { code?: string }).code === 'auth.forbidden'
        return { name: `${route.method} ${route.path}`, refused }
      }
      const shut = closed.filter((route) => !isPromised(scope, route))
      const before = await world.traces()
      const wronglyOpen = []
      for (const route of shut) wronglyOpen.push(await ask(route))
      expect(wronglyOpen.filter(({ refused }) => !refused)).toEqual([])
      expect(await world.traces()).toEqual(before)
      const wronglyShut = []
      for (const route of closed.filter((each) => !shut.includes(each))) wronglyShut.push(await ask(route))
      expect(wronglyShut.filter(({ refused }) => refused)).toEqual([])
    },
  )
})
