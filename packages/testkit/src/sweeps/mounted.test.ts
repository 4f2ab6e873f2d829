import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { allRoutes } from '@holdfast/contracts/routes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from './send.ts'
import { createWorld, type World } from './world.ts'

interface Row {
  reference: string
  method: string
  path: string
  area: string
}

const rows: Row[] = readFileSync(join(import.meta.dirname, 'routes.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [reference = '', method = '', path = '', , area = ''] = line.split('\t')
    return { reference, method, path, area }
  })

/** The areas that stand, by reference. Each later issue adds its own. */
const standing = new Set([
  '000 auth',
  '000 health',
  '000 csrf',
  '000 users',
  '000 groups-rbac',
  '000 profile',
  '000 endpoints',
  '000 endpoint-groups',
  '000 api-keys',
  '000 cron',
  '000 dashboard',
  '000 database-explorer',
  '000 settings',
  '000 updates',
  '000 webhooks-outbound',
  '001 config',
  '000 mcp',
  '000 openapi',
  '000 project',
  '001 users',
  '001 roles',
  '001 role-assignments',
  '001 service-tokens',
  '001 audit',
  '001 webhooks-outbound',
  '001 plugins',
  '002 auth',
  '002 tenants',
  '002 routes',
  '002 services',
  '002 consumers',
  '002 analytics',
  '003 auth',
  '003 setup',
  '003 audit',
  '003 backup',
  '004 auth',
  '004 health',
  '004 metrics',
  '004 mfa',
  '004 users',
  '004 api-tokens',
  '004 permissions',
])
/** Rows of areas that stand only in part. */
const standingPaths = /^\/v1\/admin\/(users|metrics|settings\/logs)/

const promised = rows.filter(
  ({ reference, area, path }) => standing.has(`${reference} ${area}`) || standingPaths.test(path),
)
const wanted = [...promised, { reference: '003', method: 'GET', path: '/health', area: 'core' }]

const withBraces = (path: string) => path.replace(/:(\w+)/g, '{$1}')
const anyParameter = (path: string) => path.replace(/\{\w+\}|:\w+/g, '{}')

describe('the routes table', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.stop())

  it('is really read', () => {
    expect(rows.length).toBeGreaterThan(500)
    expect(wanted.length).toBeGreaterThan(60)
  })

  it('every row that stands is in the contracts', () => {
    const known = new Set(allRoutes.map(({ method, path }) => `${method} ${anyParameter(path)}`))
    const absent = wanted.map(({ method, path }) => `${method} ${path}`)
    expect(absent.filter((row) => !known.has(anyParameter(row)))).toEqual([])
  })

  it('every row that stands is answered by the running server', async () => {
    const absent: string[] = []
    for (const { method, path } of wanted) {
      const url =
        world.server.url + withBraces(path).replace(/\{\w+\}/g, '019b0000-0000-7000-8000-00000000ffff')
      const { status, body } = await send({
        method,
        url,
        headers: { 'x-forwarded-for': `10.9.0.${absent.length}` },
      })
      const { code } = (body ?? {}) as { code?: string }
      if (status === 405 || code === 'request.route_unknown') absent.push(`${method} ${path}`)
    }
    expect(absent).toEqual([])
  })
})
