import { createServer } from 'node:http'
import {
  createCronJob,
  deleteCronJob,
  dryRunCron,
  getCronJob,
  listCronRuns,
  previewCron,
  runCronJob,
  updateCronJob,
} from '@holdfast/contracts/builder/automations/cron'
import { saveSecret } from '@holdfast/contracts/builder/code'
import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
let admin: TestUser
let hits: string[] = []
let hold: Promise<void> | undefined
const outside = createServer((request, response) => {
  if (request.url === '/echo') {
    const { authorization, 'x-shop': shop, 'content-type': type } = request.headers
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => response.end(JSON.stringify({ headers: { authorization, shop, type }, body })))
    return
  }
  hits.push(`${request.method} ${request.url}`)
  void (hold ?? Promise.resolve()).then(() => {
    response.statusCode = request.url === '/bad' ? 503 : 200
    response.end('hello')
  })
})
let outsideUrl = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
  const address = outside.address()
  outsideUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  server = await startTestServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
  admin = await server.as('superAdmin')
})
afterAll(async () => {
  await server.stop()
  outside.close()
})

const base = {
  name: 'Job',
  schedule: '0 3 * * *',
  actionType: 'javascript' as const,
  javascriptCode: 'async function run() {}',
}
const create = async (more: object = {}) =>
  (await admin.client.call(createCronJob, { body: { ...base, ...more } })).data
const runsOf = async (id: string) =>
  (await admin.client.call(listCronRuns, { params: { id }, query: {} })).data

/** Moves the clock past the next time of a job. */
async function passNext(id: string) {
  const { data } = await admin.client.call(getCronJob, { params: { id } })
  server.clock.advance(new Date(data.nextRuns[0] ?? 0).getTime() - server.clock.nowMs() + 10)
}
const ended = (id: string, count = 1) =>
  until(async () => (await runsOf(id)).filter(({ finishedAt }) => finishedAt !== null).length >= count)

describe('cron jobs', () => {
  it('code runs at its time with db and console, and leaves its history', async () => {
    const path = '/api/cron-notes'
    await admin.client.call(createEndpoint, {
      body: { name: 'Notes', path, method: 'POST', accessType: 'authenticated' },
    })
    const job = await create({
      schedule: '*/5 * * * *',
      javascriptCode: `async function run() { const made = await db.collection('${path}').create({ text: 'hi' }); console.log('made', made.text); return 'one note' }`,
    })
    expect(job.nextRuns).toHaveLength(5)
    await passNext(job.id)
    await ended(job.id)
    const [run] = await runsOf(job.id)
    expect(run).toMatchObject({
      state: 'success',
      trigger: 'schedule',
      attempt: 1,
      message: 'one note',
      output: 'one note',
      console: [{ level: 'log', text: 'made hi' }],
      scheduledFor: job.nextRuns[0],
    })
    expect(run?.durationMs).toBeGreaterThan(0)
    const after = (await admin.client.call(getCronJob, { params: { id: job.id } })).data
    expect(after).toMatchObject({ lastRunStatus: 'success', lastRunMessage: 'one note' })
    expect(after.nextRuns[0]).toBe(job.nextRuns[1])
    const { rows } = await server.database.pool.query(
      `select type from events where data ->> 'id' = $1 order by id`,
      [job.id],
    )
    expect(rows.map(({ type }: { type: string }) => type)).toEqual(['cron.created', 'cron.succeeded'])
    await admin.client.call(deleteCronJob, { params: { id: job.id } })
    const left = await server.database.pool.query('select 1 from cron_runs where cron_id = $1', [job.id])
    expect(left.rows).toEqual([])
  })

  it('code that fails says why, and the day counts it', async () => {
    const before = await server.database.pool.query<{ error: string }>(
      'select coalesce(sum(error), 0)::text as error from cron_daily',
    )
    const job = await create({ javascriptCode: 'async function run() { throw new Error("no luck") }' })
    const { data } = await admin.client.call(runCronJob, { params: { id: job.id } })
    expect(data).toMatchObject({ state: 'queued', trigger: 'manual' })
    await ended(job.id)
    const [run] = await runsOf(job.id)
    expect(run).toMatchObject({ state: 'error', message: 'no luck', error: { failure: 'threw' } })
    expect(run?.error?.stack).toContain('code.js:1')
    const after = await server.database.pool.query<{ error: string }>(
      'select coalesce(sum(error), 0)::text as error from cron_daily',
    )
    expect(Number(after.rows[0]?.error)).toBe(Number(before.rows[0]?.error) + 1)
  })

  it('code that does not end is stopped at its time limit', async () => {
    const job = await create({
      timeoutMs: 1_000,
      javascriptCode: 'async function run() { for (;;) await null }',
    })
    await admin.client.call(runCronJob, { params: { id: job.id } })
    await ended(job.id)
    expect((await runsOf(job.id))[0]?.error?.failure).toMatch(/cpu|timeout/)
  })

  it('a request is sent, and its status decides', async () => {
    const good = await create({
      actionType: 'http',
      httpUrl: `${outsideUrl}/good`,
      httpMethod: 'POST',
      httpBody: '{"a":1}',
    })
    const bad = await create({ actionType: 'http', httpUrl: `${outsideUrl}/bad` })
    for (const { id } of [good, bad]) await admin.client.call(runCronJob, { params: { id } })
    await Promise.all([ended(good.id), ended(bad.id)])
    expect((await runsOf(good.id))[0]).toMatchObject({
      state: 'success',
      message: 'Answered 200',
      output: { status: 200, body: 'hello' },
    })
    expect((await runsOf(bad.id))[0]).toMatchObject({ state: 'error', message: 'Answered 503' })
    expect(hits).toEqual(expect.arrayContaining(['POST /good', 'GET /bad']))
  })

  it('an address inside is refused when the job is made, and makes no job', async () => {
    const count = () => server.database.pool.query('select count(*)::int as count from cron_jobs')
    const before = (await count()).rows
    await expect(
      create({ actionType: 'http', httpUrl: 'http://169.254.169.254/latest' }),
    ).rejects.toMatchObject({ code: 'cron.url_refused' })
    await expect(create({ schedule: 'every day' })).rejects.toMatchObject({
      status: 400,
      message: 'Invalid cron schedule expression',
    })
    await expect(create({ timeZone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'cron.time_zone_unknown',
    })
    await expect(create({ actionType: 'endpoint' })).rejects.toMatchObject({ code: 'cron.action_incomplete' })
    expect((await count()).rows).toEqual(before)
  })

  it('an endpoint is called with the rights that it asks for', async () => {
    await admin.client.call(createEndpoint, {
      body: { name: 'Beats', path: '/api/cron-beats', method: 'POST', accessType: 'authenticated' },
    })
    const job = await create({
      actionType: 'endpoint',
      endpointPath: '/api/cron-beats',
      endpointMethod: 'POST',
      endpointBody: { beat: 1 },
    })
    await admin.client.call(runCronJob, { params: { id: job.id } })
    await ended(job.id)
    expect((await runsOf(job.id))[0]).toMatchObject({
      state: 'success',
      output: { status: 201, body: { data: { beat: 1 } } },
    })
  })

  it('while a run is under way the next is skipped, or waits, as the job says', async () => {
    let release = () => {}
    hold = new Promise((resolve) => (release = () => resolve()))
    const http = {
      actionType: 'http',
      httpUrl: `${outsideUrl}/slow`,
      schedule: '* * * * *',
      timeoutMs: 60_000,
    }
    const jobs = [
      await create({ ...http, overlap: 'skip' }),
      await create({ ...http, overlap: 'queue' }),
      await create({ ...http, overlap: 'parallel' }),
    ]
    const running = async (id: string) => (await runsOf(id)).filter(({ state }) => state === 'running').length
    server.clock.advance(60_000)
    await until(async () =>
      (await Promise.all(jobs.map(({ id }) => running(id)))).every((count) => count === 1),
    )
    server.clock.advance(60_000)
    await until(async () =>
      (await Promise.all(jobs.map(async ({ id }) => (await runsOf(id)).length))).every(
        (count) => count === 2,
      ),
    )
    await until(async () => (await running(jobs[2]?.id ?? '')) === 2)
    const states = async (index: number) => (await runsOf(jobs[index]?.id ?? '')).map(({ state }) => state)
    expect(await states(0)).toEqual(['skipped', 'running'])
    expect(await states(1)).toEqual(['queued', 'running'])
    for (const { id } of jobs)
      await admin.client.call(updateCronJob, { params: { id }, body: { enabled: false } })
    release()
    hold = undefined
    await ended(jobs[1]?.id ?? '', 2)
    expect(await states(1)).toEqual(['success', 'success'])
    for (const { id } of jobs) await ended(id, 2)
  })

  it('with two servers every time runs once', async () => {
    const other = await server.replica()
    hits = []
    const job = await create({
      actionType: 'http',
      httpUrl: `${outsideUrl}/once`,
      schedule: '* * * * *',
      overlap: 'queue',
    })
    for (let minute = 1; minute <= 5; minute += 1) {
      server.clock.advance(60_000)
      await ended(job.id, minute)
    }
    expect(hits.filter((hit) => hit === 'GET /once')).toHaveLength(5)
    await admin.client.call(updateCronJob, { params: { id: job.id }, body: { enabled: false } })
    await other.stop()
  })

  it('a run whose server fell silent is lost, and tried again unless missed runs are skipped', async () => {
    const again = await create({ missedRuns: 'once' })
    const never = await create({ missedRuns: 'skip' })
    for (const { id } of [again, never]) {
      await server.database.pool.query(
        `insert into cron_runs (id, cron_id, state, trigger, attempt, scheduled_for, created_at, started_at, holder, lease_until)
         values (gen_random_uuid(), $1, 'running', 'schedule', 1, now(), now(), now(), gen_random_uuid(), now() - interval '1 s')`,
        [id],
      )
      await admin.client.call(updateCronJob, { params: { id }, body: { description: 'wake' } })
    }
    await ended(again.id, 2)
    await ended(never.id)
    const byAttempt = (await runsOf(again.id)).map(({ state, trigger, attempt }) => [state, trigger, attempt])
    expect(byAttempt).toEqual(
      expect.arrayContaining([
        ['lost', 'schedule', 1],
        ['success', 'repeat', 2],
      ]),
    )
    expect((await runsOf(never.id)).map(({ state }) => state)).toEqual(['lost'])
  })

  it('a request carries its headers with the secrets that they name, and its run shows none of them', async () => {
    await admin.client.call(saveSecret, {
      params: { name: 'CRON_KEY' },
      body: { value: 'very-secret-value' },
    })
    const job = await create({
      actionType: 'http',
      httpUrl: `${outsideUrl}/echo`,
      httpMethod: 'POST',
      httpHeaders: { Authorization: 'Bearer {{CRON_KEY}}', 'X-Shop': 'one' },
      httpBody: '{"key":"{{ CRON_KEY }}"}',
    })
    expect(job.httpHeaders).toEqual({ Authorization: 'Bearer {{CRON_KEY}}', 'X-Shop': 'one' })
    await admin.client.call(runCronJob, { params: { id: job.id } })
    await ended(job.id)
    const outputs = (await runsOf(job.id)).map(({ output }) => output as { body: string })
    expect(outputs.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      {
        headers: { authorization: 'Bearer ********', shop: 'one', type: 'application/json' },
        body: '{"key":"********"}',
      },
    ])
    const lost = await create({
      actionType: 'http',
      httpUrl: `${outsideUrl}/echo`,
      httpHeaders: { Authorization: '{{NOBODY_HAS_IT}}' },
    })
    await admin.client.call(runCronJob, { params: { id: lost.id } })
    await ended(lost.id)
    expect((await runsOf(lost.id))[0]).toMatchObject({
      state: 'error',
      message: expect.stringContaining('NOBODY_HAS_IT') as string,
    })
  })

  it('a dry run shows what a script would do, and leaves no record behind', async () => {
    const path = '/api/cron-tried'
    for (const method of ['GET', 'POST'] as const)
      await admin.client.call(createEndpoint, { body: { name: path, path, method, accessType: 'public' } })
    const { data } = await admin.client.call(dryRunCron, {
      body: {
        code: `async function run() {
          const notes = db.collection('${path}')
          await notes.create({ text: 'hi' })
          console.log('there are', (await notes.find()).length)
          return 'tried' }`,
      },
    })
    expect(data).toMatchObject({ value: 'tried', error: null, console: [{ text: 'there are 1' }] })
    const left = await fetch(server.url + path)
    expect(await left.json()).toMatchObject({ data: [] })
    const failed = await admin.client.call(dryRunCron, {
      body: { code: 'async function run() { nothing() }' },
    })
    expect(failed.data.error).toMatchObject({ failure: 'threw' })
  })

  it('the history comes in pages', async () => {
    const job = await create()
    for (let turn = 1; turn <= 3; turn += 1) {
      await admin.client.call(runCronJob, { params: { id: job.id } })
      await ended(job.id, turn)
    }
    const first = await admin.client.call(listCronRuns, { params: { id: job.id }, query: { limit: 2 } })
    const second = await admin.client.call(listCronRuns, {
      params: { id: job.id },
      query: { limit: 2, cursor: first.meta.nextCursor ?? '' },
    })
    expect(first.data).toHaveLength(2)
    expect(second.data).toHaveLength(1)
    expect(second.meta.nextCursor).toBeNull()
  })

  it('a preview shows the times in the zone of the job', async () => {
    server.clock.advance(0)
    const { data } = await admin.client.call(previewCron, {
      body: { schedule: '0 12 * * *', timeZone: 'Asia/Tokyo' },
    })
    expect(data.nextRuns).toHaveLength(5)
    expect(data.nextRuns.every((time) => time.endsWith('T03:00:00.000Z'))).toBe(true)
  })
})
