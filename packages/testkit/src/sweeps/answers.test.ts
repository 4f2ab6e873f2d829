import { isStream } from '@holdfast/contracts/kit/media'
import type { RouteShape } from '@holdfast/contracts/kit/route'
import { problems } from '@holdfast/contracts/problems'
import { allRoutes } from '@holdfast/contracts/routes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scenario } from './scenario.ts'
import { allScenarios, scenarioTable } from './scenarios/all.ts'
import type { Answer } from './send.ts'
import { createWorld, inWorldOf, type World } from './world.ts'

describe('scenarios', () => {
  it('every route has one, and none belongs to a route that is gone', () => {
    const ids = allRoutes.map(({ id }) => id)
    const covered = allScenarios.map(({ route }) => route.id)
    expect(ids.filter((id) => !covered.includes(id))).toEqual([])
    expect(covered.filter((id, index) => !ids.includes(id) || covered.indexOf(id) !== index)).toEqual([])
  })

  it('every declared problem has a way to it', () => {
    const missing = scenarioTable.flatMap(([id, route, scenario]) =>
      (route.problems ?? [])
        .filter((code) => scenario?.problems[code] === undefined)
        .map((code) => `${id}: ${code}`),
    )
    expect(missing).toEqual([])
  })

  it('what an organization owns has a way to a stranger’s', () => {
    const owned = scenarioTable.filter(
      ([, { path, params, access }]) =>
        path.startsWith('/v1/') && params !== undefined && 'signedIn' in access,
    )
    expect(owned.filter(([, , scenario]) => scenario?.foreign === undefined).map(([id]) => id)).toEqual([])
  })
})

describe('answers of routes, from two servers that take turns', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ replicas: 2 })
  })
  afterAll(() => world.stop())

  const reachable = scenarioTable.filter((row): row is [string, RouteShape, Scenario] => row[2] !== undefined)

  const auditedBy = async (here: World, requestId: string) => {
    const rows = await here.server.database.kysely
      .selectFrom('audit_entries')
      .select('action')
      .where('request_id', '=', requestId)
      .execute()
    return rows.map(({ action }) => action)
  }

  it.each(reachable)(
    '%s answers as its contract says and is written down as it promises',
    async (_id, route, scenario) => {
      await inWorldOf(world, scenario.success, async (here, call) => {
        const before = await here.traces()
        const requestId = here.fresh('request')
        const answer = await here.send(route, call, { headers: { 'x-request-id': requestId } })
        expect([answer.status, contractMistake(route, answer)]).toEqual([answer.status, null])
        const promised = typeof route.audit === 'string' ? [route.audit, ...(scenario.alsoAudited ?? [])] : []
        expect((await auditedBy(here, requestId)).toSorted()).toEqual(promised.toSorted())
        expect((await here.traces()).audit - before.audit).toBe(promised.length)
      })
    },
  )

  const refusals = reachable.flatMap(([id, , scenario]) =>
    Object.entries(scenario.problems).flatMap(([code, way]) =>
      'onlyByRace' in way ? [] : [[id, code, scenario, way] as const],
    ),
  )
  it.each(refusals)('%s answers %s and changes nothing', async (_id, code, scenario, way) => {
    await inWorldOf(world, way, async (here, call) => {
      const as = call.as ?? (await here.admin())
      const before = await here.traces()
      const answer = await here.send(scenario.route, { ...call, as })
      expect([answer.status, answer.body]).toEqual([
        problems[code as keyof typeof problems].status,
        expect.objectContaining({ code, error: expect.stringMatching(/^\S.*\S$/) as string }),
      ])
      expect(await here.traces()).toEqual(before)
    })
  })

  /** A request that its sender may make, made by somebody else: to the organization, and to its item from their own. */
  const ofOrganizations = reachable.filter(([, route]) => 'organization' in route.access)
  it.each(ofOrganizations)(
    '%s shows a stranger nothing, and does nothing for them',
    async (_id, route, scenario) => {
      await inWorldOf(world, scenario.success, async (here, call) => {
        const stranger = await here.as('superAdmin')
        const before = await here.traces()
        const outside = await here.send(route, { ...call, as: stranger })
        expect([outside.status, outside.body]).toEqual([
          404,
          expect.objectContaining({ code: 'organizations.not_found' }),
        ])
        const hasItem = Object.keys(route.params?.shape ?? {}).length > 1
        const params = { ...call.params, tenantId: stranger.tenantId }
        const inside = hasItem ? await here.send(route, { ...call, params, as: stranger }) : outside
        expect(inside.status).toBe(404)
        expect(await here.traces()).toEqual(before)
      })
    },
  )

  const owned = reachable.filter(([, , scenario]) => scenario.foreign !== undefined)
  it('what belongs to another organization does not exist, and trying leaves no event', async () => {
    const wrong: string[] = []
    for (const [id, route, scenario] of owned) {
      const call = await scenario.foreign?.(world)
      const before = await world.traces()
      const { status } = await world.send(route, call ?? {})
      const after = await world.traces()
      if (status !== 404 || after.events !== before.events || after.audit !== before.audit)
        wrong.push(`${id}: ${status}`)
    }
    expect(wrong).toEqual([])
  })
})

/** What is wrong with a success answer, or null. */
function contractMistake(route: RouteShape, { status, headers, text, body }: Answer): string | null {
  if (!(status in route.answers))
    return `It answered ${status}, which it does not declare: ${text.slice(0, 300)}`
  const schema = route.answers[status]
  if (schema === null || schema === undefined)
    return text === '' ? null : `It should have no body: ${text.slice(0, 300)}`
  if (isStream(schema)) {
    const type = headers['content-type']?.split(';', 1)[0] ?? ''
    return schema.stream.includes(type) ? null : `It streams ${type}, which it does not declare.`
  }
  const result = schema.safeParse(body)
  return result.success ? null : result.error.message
}
