import { isUpload } from '@holdfast/contracts/kit/media'
import { isMutation, type RouteShape } from '@holdfast/contracts/kit/route'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inputsOf } from './arbitrary.ts'
import { brokenInputs } from './broken-input.ts'
import type { Call, Scenario } from './scenario.ts'
import { anyCall, scenarioTable } from './scenarios/all.ts'
import { unknownId } from './scenarios/ids.ts'
import { createWorld, inWorldOf, type World } from './world.ts'

const bodySizeBytesDefault = 10 * 1024 * 1024
/** The same inputs in every run: a failure in continuous integration can be repeated. */
const seed = 20_261_121
const queryLengthMax = 4_000

const jsonBody = ({ body }: RouteShape): z.ZodType | null =>
  body === undefined || isUpload(body) ? null : body
const withBody = scenarioTable.filter(([, route]) => jsonBody(route) !== null)
const withQuery = scenarioTable.filter(([, route]) => route.query !== undefined)
/** Where some text is wrong: any text is right for a parameter that is only a text. */
const withCheckedQuery = withQuery.filter(([, route]) =>
  brokenInputs(route.query ?? z.never(), {}).some(({ value, field }) => isText(value, field)),
)
const withId = scenarioTable.filter(
  ([, route, scenario]) => route.params !== undefined && scenario?.unknownIdAllowed === undefined,
)

describe('input of routes', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.stop())

  /** Runs with a request that would succeed, so that what is then spoilt is the only thing wrong. */
  const withSuccess = (scenario: Scenario | undefined, work: (world: World, call: Call) => Promise<void>) => {
    if (scenario === undefined) throw new Error('This route has no scenario.')
    return inWorldOf(world, scenario.success, work)
  }

  /**
   * The same, for requests that are all refused: a refusal changes nothing, so that what was prepared for one serves the
   * next as well. Not in a server of its own, which would have to be kept.
   */
  const prepared = new Map<string, Call>()
  const withRefusals = async (
    scenario: Scenario | undefined,
    work: (world: World, call: Call) => Promise<void>,
  ) => {
    if (scenario === undefined || typeof scenario.success !== 'function') return withSuccess(scenario, work)
    const { id } = scenario.route
    const call = prepared.get(id) ?? (await inWorldOf(world, scenario.success, async (_here, made) => made))
    prepared.set(id, call)
    return work(world, call)
  }

  it.each(withBody)('%s refuses what is not JSON', async (_id, route, scenario) => {
    await withRefusals(scenario, async (here, call) => {
      const before = await here.traces()
      const { status, body } = await here.send(route, call, { body: '{"name": ' })
      expect([status, body]).toEqual([400, expect.objectContaining({ code: 'request.malformed' })])
      expect(await here.traces()).toEqual(before)
    })
  })

  it.each(withBody)('%s refuses another content type', async (_id, route, scenario) => {
    await withRefusals(scenario, async (here, call) => {
      const before = await here.traces()
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
        const { status, body } = await here.send(route, call, { headers: { 'content-type': type } })
        expect([type, status, body]).toEqual([
          type,
          415,
          expect.objectContaining({ code: 'request.type_unsupported' }),
        ])
      }
      expect(await here.traces()).toEqual(before)
    })
  })

  it.each(withBody)('%s refuses too large a body before it arrives', async (_id, route, scenario) => {
    await withRefusals(scenario, async (here, call) => {
      const announcedBytes = (route.bodySizeBytesMax ?? bodySizeBytesDefault) + 1
      const { status, body } = await here.send(route, call, { announcedBytes })
      expect([status, body]).toEqual([413, expect.objectContaining({ code: 'request.too_large' })])
    })
  })

  it.each(withBody)('%s points at each field that is wrong', async (_id, route, scenario) => {
    await withRefusals(scenario, async (here, call) => {
      const schema = jsonBody(route) ?? z.never()
      const before = await here.traces()
      const as = call.as ?? (await here.admin())
      for (const { what, value, field } of brokenInputs(schema, call.body as Record<string, unknown>)) {
        const { status, body } = await here.send(route, { ...call, as, body: value })
        expect([what, status, body]).toEqual([
          what,
          400,
          expect.objectContaining({ code: 'request.invalid' }),
        ])
        expect([what, pointersOf(body).some((path) => path.startsWith(`body.${field}`))]).toEqual([
          what,
          true,
        ])
      }
      for (const value of [[], 'text', 7, true].filter((each) => !schema.safeParse(each).success)) {
        const { status, body } = await here.send(route, { ...call, as, body: value })
        expect([value, status, pointersOf(body).length > 0]).toEqual([value, 400, true])
      }
      expect((await here.traces()).audit).toBe(before.audit)
    })
  })

  it.each(withCheckedQuery)(
    '%s points at each query parameter that is wrong',
    async (_id, route, scenario) => {
      await withRefusals(scenario, async (here, call) => {
        const schema = route.query ?? z.never()
        const as = call.as ?? (await here.admin())
        const texts = brokenInputs(schema, call.query ?? {}).filter(({ value, field }) =>
          isText(value, field),
        )
        for (const { what, value, field } of texts) {
          const { status, body } = await here.send(route, {
            ...call,
            as,
            query: value as Record<string, unknown>,
          })
          expect([what, status, body]).toEqual([
            what,
            400,
            expect.objectContaining({ code: 'request.invalid' }),
          ])
          expect(pointersOf(body).some((path) => path.startsWith(`query.${field}`))).toBe(true)
        }
      })
    },
  )

  it.each(withId)('%s answers 404 for an id that nobody has', async (_id, route, scenario) => {
    await withRefusals(scenario, async (here, call) => {
      const before = await here.traces()
      for (const name of Object.keys(route.params?.shape ?? {})) {
        const params = { ...call.params, [name]: unknownLike(call.params?.[name]) }
        const { status } = await here.send(route, { ...call, params })
        expect([name, status]).toEqual([name, 404])
      }
      expect((await here.traces()).events).toBe(before.events)
    })
  })

  it.each(scenarioTable.filter(([, { params }]) => params !== undefined))(
    '%s never fails on an id that is none',
    async (_id, route) => {
      const as = await world.admin()
      for (const id of [
        '1',
        'null',
        "' or 1=1 --",
        '../../etc/passwd',
        'a'.repeat(400),
        '\u0000',
        '💥',
        '%',
      ]) {
        const call = anyCall(route)
        const params = Object.fromEntries(Object.keys(call.params ?? {}).map((name) => [name, id]))
        const { status } = await world.send(route, { ...call, as, params })
        expect([id, status < 500]).toEqual([id, true])
      }
    },
  )

  it.each(withBody)('%s never fails on a body that its contract accepts', async (_id, route, scenario) => {
    const bodies = inputsOf(jsonBody(route) ?? z.never(), { seed, count: 8 }).values()
    let next = bodies.next()
    while (next.done !== true) {
      await withSuccess(scenario, async (here, call) => {
        // After a refusal all is as it was prepared; after anything else it is prepared anew.
        for (let isAsPrepared = true; isAsPrepared && next.done !== true; next = bodies.next()) {
          const body = next.value
          const answer = await here.send(route, { ...call, body })
          const isFailure = answer.status >= 500 && answer.status !== 503
          expect([body, answer.body, isFailure]).toEqual([body, answer.body, false])
          isAsPrepared = [400, 404, 409].includes(answer.status)
        }
      })
    }
  })

  it.each(withBody)(
    '%s never fails on a character that the database cannot hold',
    async (_id, route, scenario) => {
      await withSuccess(scenario, async (here, call) => {
        const body = call.body as Record<string, unknown>
        for (const [field, value] of Object.entries(body)) {
          if (typeof value !== 'string') continue
          const answer = await here.send(route, { ...call, body: { ...body, [field]: `a\u0000b` } })
          expect([field, answer.body, answer.status < 500]).toEqual([field, answer.body, true])
        }
        expect(call.as).toBeDefined()
      })
    },
  )

  it.each(withQuery)('%s never fails on a query that its contract accepts', async (_id, route, scenario) => {
    await withSuccess(scenario, async (here, call) => {
      const as = call.as ?? (await here.admin())
      for (const query of inputsOf(route.query ?? z.never(), { seed, count: 12 })) {
        const answer = await here.send(route, { ...call, as, query: query as Record<string, unknown> })
        expect([query, answer.body, answer.status < 500]).toEqual([query, answer.body, true])
      }
    })
  })

  it('the sweep looks at routes', () => {
    expect(withBody.length).toBeGreaterThan(1)
    expect(withBody.every(([, route]) => isMutation(route.method))).toBe(true)
  })
})

function pointersOf(body: unknown): string[] {
  const { details } = (body ?? {}) as { details?: { path: string }[] }
  return (details ?? []).map(({ path }) => path)
}

/** A query arrives as text, and in one line with the address: only a wrong text that fits is a case. */
function isText(value: unknown, field: string): boolean {
  const text = (value as Record<string, unknown>)[field]
  return typeof text === 'string' && text.length < queryLengthMax
}

/** An id of the same kind that nothing has. */
function unknownLike(id: unknown): string {
  return typeof id === 'string' && /^[0-9a-f]{24}$/.test(id) ? 'ffffffffffffffffffffffff' : unknownId
}
