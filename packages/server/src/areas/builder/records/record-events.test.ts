import { createWebhook, deleteWebhook, updateWebhook } from '@holdfast/contracts/platform/webhooks'
import type { RecordEventType } from '@holdfast/contracts/events'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { type Receiver, startReceiver } from '@holdfast/testkit/receiver'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

let server: TestServer
let ask: ReturnType<typeof createAsk>
let admin: Awaited<ReturnType<TestServer['as']>>
let names = 0
beforeAll(async () => {
  server = await startTestServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
  ask = createAsk(server.url)
  admin = await server.as('superAdmin')
})
afterAll(() => server.stop())

async function define(methods = ['GET', 'POST', 'PATCH', 'DELETE'], more: object = {}) {
  const path = `/api/told-${++names}`
  const schema = [
    { name: 'title', type: 'string', required: true },
    { name: 'stock', type: 'number' },
    { name: 'cost', type: 'number', hidden: true },
  ]
  for (const method of methods) {
    const body = { name: path, path, method, accessType: 'public', schema, ...more }
    expect((await ask('POST', '/api/endpoints', { headers: admin.headers, body })).status).toBe(201)
  }
  return path
}

interface Told {
  event: RecordEventType
  data: { path: string; ids: string[]; records?: { id: string; title: string }[] }
}

/** A receiver that records are told to, and what it heard of one path. */
async function listen(events: RecordEventType[], ordered = true) {
  const receiver = await startReceiver()
  const { data } = await admin.client.call(createWebhook, {
    body: { name: 'Records', url: receiver.url, events, ordered },
  })
  onTestFinished(async () => {
    await admin.client.call(deleteWebhook, { params: { id: data.id } })
    await receiver.stop()
  })
  return { id: data.id, receiver, told: (path: string) => toldOf(receiver, path) }
}

const toldOf = ({ received }: Receiver, path: string) =>
  received
    .map(({ body }) => JSON.parse(body) as Told)
    .filter(({ event, data }) => event.startsWith('record.') && data.path === path)
const all: RecordEventType[] = ['record.created', 'record.updated', 'record.deleted']

describe('changes of records as events', () => {
  it('reach a webhook that asks for them by name, from the first write after it was saved', async () => {
    const path = await define()
    const { told } = await listen(all)
    const made = (await ask('POST', path, { body: { title: 'Pen', cost: 3 } })).body.data
    await ask('PATCH', `${path}/${made.id}`, { body: { stock: 5 } })
    await until(() => told(path).length >= 2, { what: 'the creation and the change' })
    await ask('DELETE', `${path}/${made.id}`)
    await until(() => told(path).length >= 3, { what: 'the deletion' })
    expect(told(path)).toMatchObject([
      { event: 'record.created', data: { ids: [made.id], records: [{ id: made.id, title: 'Pen' }] } },
      { event: 'record.updated', data: { ids: [made.id], records: [{ id: made.id, stock: 5 }] } },
      { event: 'record.deleted', data: { ids: [made.id] } },
    ])
    expect(JSON.stringify(told(path))).not.toContain('cost')
  })

  it('come as one for each write of several, with the ids of all', async () => {
    const path = await define()
    const { told } = await listen(['record.created', 'record.deleted'])
    const many = Array.from({ length: 200 }, (_, index) => ({ title: `Pen ${index}` }))
    const made = (await ask('POST', path, { body: many })).body.data as { id: string }[]
    const ids = made.map(({ id }) => id)
    await ask('DELETE', path, { body: { ids } })
    await until(() => told(path).length >= 2, { what: 'both events' })
    expect(told(path).map(({ event, data }) => [event, data.ids.toSorted()])).toEqual([
      ['record.created', ids.toSorted()],
      ['record.deleted', ids.toSorted()],
    ])
  })

  it('are not sent to who asks for everything, or for other changes', async () => {
    const path = await define()
    const other = await startReceiver()
    onTestFinished(other.stop)
    const { data } = await admin.client.call(createWebhook, {
      body: { name: 'Everything', url: other.url, events: ['*'] },
    })
    onTestFinished(async () => {
      await admin.client.call(deleteWebhook, { params: { id: data.id } })
    })
    const { told } = await listen(['record.deleted'])
    const made = (await ask('POST', path, { body: { title: 'Pen' } })).body.data
    await ask('DELETE', `${path}/${made.id}`)
    await until(() => told(path).length >= 1, { what: 'the deletion' })
    expect(told(path).map(({ event }) => event)).toEqual(['record.deleted'])
    expect(toldOf(other, path)).toEqual([])
  })

  it('that happened while a webhook was off, or did not ask, are not told later', async () => {
    const path = await define()
    const { id, told } = await listen(['record.created'])
    await admin.client.call(updateWebhook, { params: { id }, body: { enabled: false } })
    // Older than all that follows, so that none of it is settled before this ends.
    const other = await server.database.pool.connect()
    await other.query('begin; select pg_current_xact_id()')
    await ask('POST', path, { body: { title: 'Unheard' } })
    await admin.client.call(updateWebhook, { params: { id }, body: { enabled: true } })
    await ask('POST', path, { body: { title: 'Heard' } })
    await other.query('commit')
    other.release()
    await until(() => told(path).length >= 1, { what: 'the second record' })
    expect(told(path).map(({ data }) => data.records?.[0]?.title)).toEqual(['Heard'])
  })

  it('written on one server while others start and stop telling are told once each', async () => {
    const path = await define()
    const other = await server.replica()
    const { told } = await listen(['record.created'], false)
    const askOther = createAsk(other.url)
    const titles = Array.from({ length: 40 }, (_, index) => `Pen ${index}`)
    await Promise.all(
      titles.map((title, index) => (index % 2 === 0 ? ask : askOther)('POST', path, { body: { title } })),
    )
    await other.stop()
    const heard = () => told(path).flatMap(({ data }) => data.ids)
    await until(() => heard().length >= titles.length, { what: 'every record' })
    const stored = (await ask('GET', `${path}?limit=100`)).body.data as { id: string }[]
    expect(heard().toSorted()).toEqual(stored.map(({ id }) => id).toSorted())
    expect(new Set(heard()).size).toBe(titles.length)
  })

  it('wait in the log for a receiver that is behind, however old they are by now', async () => {
    const path = await define()
    const { id, told } = await listen(['record.created'])
    // So much is waiting that it is told nothing more for now.
    await server.database.pool.query(
      `insert into webhook_deliveries (id, webhook_id, event_id, event_type, body, state, next_attempt_at, created_at)
       select gen_random_uuid(), $1, gen_random_uuid(), 'record.created', '{"data":{}}', 'pending', now() + interval '10 years', now()
       from generate_series(1, 10000)`,
      [id],
    )
    await ask('POST', path, { body: { title: 'Waits' } })
    await ask('POST', path, { body: { title: 'Waits too' } })
    await server.database.pool.query(
      `update record_changes set occurred_at = occurred_at - interval '2 days'`,
    )
    await server.builder.records.sweeper.sweep()
    await server.database.pool.query(
      `delete from webhook_deliveries where webhook_id = $1 and next_attempt_at > now() + interval '5 years'`,
      [id],
    )
    await until(() => told(path).length >= 2, { what: 'both records' })
    expect(told(path).map(({ data }) => data.records?.[0]?.title)).toEqual(['Waits', 'Waits too'])
  })
})
