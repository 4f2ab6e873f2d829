import { createAsk } from '@holdfast/testkit/ask'
import { type ReceivedRequest, type Receiver, startReceiver } from '@holdfast/testkit/receiver'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
let receiver: Receiver
let ask: ReturnType<typeof createAsk>
let headers: Record<string, string>
let names = 0
beforeAll(async () => {
  receiver = await startReceiver()
  server = await startTestServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
  ask = createAsk(server.url)
  headers = (await server.as('superAdmin')).headers
})
afterAll(async () => {
  await server.stop()
  await receiver.stop()
})

/** Endpoints on one path, with records that must have a title. */
async function define() {
  const path = `/api/hooked-${++names}`
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
    const schema = [
      { name: 'title', type: 'string', required: true },
      { name: 'stock', type: 'number' },
    ]
    const body = { name: path, path, method, accessType: 'public', schema }
    expect((await ask('POST', '/api/endpoints', { headers, body })).status).toBe(201)
  }
  return path
}

interface Hook {
  when: 'before' | 'after'
  endpoint: string
  operations: string[]
  timeout_ms?: number
  on_failure?: 'open' | 'closed'
}

/** An active plugin whose hooks hold here already. */
async function plug(hooks: Hook[], scopes: string[] = []) {
  const manifest = { name: `Hooks ${++names}`, version: '1.0.0', url: receiver.url, hooks, scopes }
  const { data } = (await ask('POST', '/api/plugins', { headers, body: manifest })).body
  const id = String(data.plugin_id)
  await ask('POST', `/api/plugins/${id}/enable`, { headers })
  const inForce = (hook: Hook) =>
    server.platform.plugins.hooks.of(hook.endpoint, hook.operations[0] === 'create' ? 'create' : 'delete')
  await until(() => hooks.every((hook) => inForce(hook) !== null), { what: 'the hooks to hold' })
  return { id, token: String(data.token) }
}

/** How the plugin answers before hooks from now on; what it is told afterwards it takes. */
function answer(how: (asked: { event: string; data: Record<string, unknown> }) => object | number): void {
  receiver.answer(({ body }, response) => {
    const asked = JSON.parse(body)
    const said = String(asked.event).startsWith('record.before_') ? how(asked) : 200
    if (typeof said === 'number') return said
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said))
    return undefined
  })
}

const all = ['create', 'update', 'delete']
const titles = async (path: string) =>
  (await ask('GET', path)).body.data.map(({ title }: { title: string }) => title)
const eventOf = ({ body }: ReceivedRequest) => JSON.parse(body)

describe('a before hook', () => {
  it('refuses with its own sentence, and nothing is stored, changed or deleted', async () => {
    const path = await define()
    const kept = (await ask('POST', path, { body: { title: 'Kept' } })).body.data
    await plug([{ when: 'before', endpoint: path, operations: all }])
    answer(() => ({ allow: false, message: 'The shop is closed.' }))
    const answers = await Promise.all([
      ask('POST', path, { body: { title: 'New' } }),
      ask('PATCH', `${path}/${kept.id}`, { body: { title: 'Changed' } }),
      ask('DELETE', `${path}/${kept.id}`),
      ask('POST', path, { body: [{ title: 'Many' }, { title: 'More' }] }),
    ])
    for (const { status, body } of answers)
      expect([status, body.code, body.error]).toEqual([
        400,
        'records.refused_by_plugin',
        'The shop is closed.',
      ])
    expect(await titles(path)).toEqual(['Kept'])
  })

  it('changes the body, which is validated again, and is told of the record as it stands', async () => {
    const path = await define()
    await plug([{ when: 'before', endpoint: path, operations: all }])
    answer(({ data }) => ({ body: { ...(data.body as object), title: 'From the plugin' } }))
    const made = await ask('POST', path, { body: { title: 'Mine', stock: 4 } })
    expect([made.status, made.body.data]).toMatchObject([201, { title: 'From the plugin', stock: 4 }])
    const asked: Record<string, unknown>[] = []
    answer(({ data }) => {
      asked.push(data)
      return { body: { stock: 'many' } }
    })
    const patched = await ask('PATCH', `${path}/${made.body.data.id}`, { body: { stock: 5 } })
    expect([patched.status, patched.body.code]).toEqual([400, 'records.invalid'])
    expect(asked[0]).toMatchObject({
      operation: 'update',
      record_id: made.body.data.id,
      body: { stock: 5 },
      current: { title: 'From the plugin', stock: 4 },
    })
  })

  it('is not asked about what is invalid, or not there', async () => {
    const path = await define()
    await plug([{ when: 'before', endpoint: path, operations: all }])
    let asked = 0
    answer(() => ({ allow: (asked += 1) > 0 }))
    expect((await ask('POST', path, { body: { stock: 1 } })).status).toBe(400)
    expect((await ask('PATCH', `${path}/${'0'.repeat(24)}`, { body: { stock: 1 } })).status).toBe(404)
    expect(asked).toBe(0)
  })

  it('that fails closes the endpoint, or leaves it open, as the manifest says', async () => {
    const [closed, open] = [await define(), await define()]
    await plug([
      { when: 'before', endpoint: closed, operations: ['create'], on_failure: 'closed' },
      { when: 'before', endpoint: open, operations: ['create'], on_failure: 'open', timeout_ms: 100 },
    ])
    answer(() => 500)
    const refused = await ask('POST', closed, { body: { title: 'No' } })
    expect([refused.status, refused.body.code]).toEqual([503, 'records.plugin_unavailable'])
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await titles(closed)).toEqual([])
    expect((await ask('POST', open, { body: { title: 'Yes' } })).status).toBe(201)
    // Never answers: the deadline of the hook ends it.
    receiver.answer(() => new Promise<undefined>(() => {}))
    expect((await ask('POST', open, { body: { title: 'Late' } })).status).toBe(201)
    expect(await titles(open)).toHaveLength(2)
  })

  it('holds for no endpoint once its plugin is disabled', async () => {
    const path = await define()
    const { id } = await plug([{ when: 'before', endpoint: path, operations: ['create'] }])
    answer(() => ({ allow: false }))
    expect((await ask('POST', path, { body: { title: 'No' } })).status).toBe(400)
    await ask('POST', `/api/plugins/${id}/disable`, { headers })
    await until(() => server.platform.plugins.hooks.of(path, 'create') === null, { what: 'the hook to end' })
    expect((await ask('POST', path, { body: { title: 'Yes' } })).status).toBe(201)
  })
})

describe('an after hook', () => {
  it('is delivered once for each change, with the record, and never for what was refused', async () => {
    const path = await define()
    receiver.answer(200)
    const { id } = await plug([{ when: 'after', endpoint: path, operations: all }])
    const first = receiver.received.length
    const made = await ask('POST', path, { body: { title: 'Told' }, headers: { 'idempotency-key': 'once' } })
    await ask('POST', path, { body: { title: 'Told' }, headers: { 'idempotency-key': 'once' } })
    await ask('POST', path, { body: { stock: 1 } })
    await ask('DELETE', `${path}/${made.body.data.id}`)
    const told = await until(
      () => receiver.received.length >= first + 2 && receiver.received.slice(first).map(eventOf),
      { what: 'two deliveries' },
    )
    const byEvent = told.toSorted((one, other) => one.event.localeCompare(other.event))
    expect(byEvent).toMatchObject([
      { event: 'record.created', data: { operation: 'create', result: { title: 'Told' } } },
      { event: 'record.deleted', data: { record_id: made.body.data.id, result: null } },
    ])
    const rows = await server.database.pool.query(
      `select event_type from webhook_deliveries join webhooks on webhooks.id = webhook_id where plugin_id = $1`,
      [id],
    )
    expect(rows.rows).toHaveLength(2)
  })
})

it('what a plugin is told and the change that it is told of are written together, or neither is', async () => {
  const path = await define()
  await plug([{ when: 'after', endpoint: path, operations: all }])
  const kept = (await ask('POST', path, { body: { title: 'Kept' } })).body.data
  const { pool } = server.database
  await pool.query(
    `alter table webhook_deliveries add constraint broken check (event_type not like 'record.%') not valid`,
  )
  const answers = [
    await ask('POST', path, { body: { title: 'New' } }),
    await ask('POST', path, { body: { title: 'New' }, headers: { 'idempotency-key': 'broken' } }),
    await ask('POST', path, { body: [{ title: 'Many' }, { title: 'More' }] }),
    await ask('PATCH', `${path}/${kept.id}`, { body: { title: 'Changed' } }),
    await ask('PATCH', path, { body: { items: [{ id: kept.id, title: 'Changed' }] } }),
    await ask('DELETE', `${path}/${kept.id}`),
  ]
  await pool.query('alter table webhook_deliveries drop constraint broken')
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 500))
  expect(await titles(path)).toEqual(['Kept'])
  // The key was not taken by the attempt that failed.
  const again = await ask('POST', path, { body: { title: 'New' }, headers: { 'idempotency-key': 'broken' } })
  expect(again.status).toBe(201)
})

it('a hook that could not be read when it changed holds as soon as it can be', async () => {
  const path = await define()
  const { pool } = server.database
  await pool.query('alter table plugins rename column manifest to manifest_away')
  await pool.query(
    `insert into events (id, type, occurred_at, data) values (gen_random_uuid(), 'plugin.updated', now(), '{}')`,
  )
  await pool.query(`select pg_notify('holdfast_events', '')`)
  await server.caughtUp()
  await pool.query('alter table plugins rename column manifest_away to manifest')
  // Nothing says that there is another hook but its row.
  await pool.query(
    `insert into plugins select (jsonb_populate_record(p, jsonb_build_object('id', 'unheard', 'manifest',
       p.manifest || jsonb_build_object('hooks', jsonb_build_array(jsonb_build_object(
         'when', 'before', 'endpoint', $1::text, 'operations', '["create"]'::jsonb, 'timeout_ms', 1000, 'on_failure', 'closed')))))).*
     from plugins p where state = 'active' limit 1`,
    [path],
  )
  await until(
    () => {
      server.clock.advance(1_000)
      return server.platform.plugins.hooks.of(path, 'create') !== null
    },
    { what: 'the hook' },
  )
  answer(() => ({ allow: false }))
  expect((await ask('POST', path, { body: { title: 'No' } })).status).toBe(400)
})

it('a plugin is never asked about its own requests', async () => {
  const path = await define()
  const { token } = await plug([{ when: 'before', endpoint: path, operations: ['create'] }])
  answer(() => ({ allow: false }))
  const own = await ask('POST', path, {
    body: { title: 'Its own' },
    headers: { authorization: `Bearer ${token}` },
  })
  expect(own.status).toBe(201)
})
