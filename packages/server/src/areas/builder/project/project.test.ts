import { createCronJob } from '@holdfast/contracts/builder/automations/cron'
import { createEndpointGroup } from '@holdfast/contracts/builder/endpoint-groups'
import { createEndpoint, listEndpoints } from '@holdfast/contracts/builder/endpoints'
import { exportProject, importProject, type ProjectImported } from '@holdfast/contracts/builder/project'
import type { ProjectBundleInput } from '@holdfast/contracts/builder/project-bundle'
import { createGroup, deleteGroup } from '@holdfast/contracts/identity/groups'
import { registerPlugin } from '@holdfast/contracts/platform/plugins'
import { createWebhook, listWebhooks } from '@holdfast/contracts/platform/webhooks'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let full: TestServer
let empty: TestServer
let owner: TestUser
let admin: TestUser
beforeAll(async () => {
  ;[full, empty] = await Promise.all([startTestServer(), startTestServer()])
  ;[owner, admin] = [await full.as('superAdmin'), await empty.as('superAdmin')]
  await fill()
})
afterAll(() => Promise.all([full.stop(), empty.stop()]))

/** A shop whose endpoints point at each other, with everything else that a bundle holds. */
async function fill() {
  const { client } = owner
  const { data: group } = await client.call(createEndpointGroup, { body: { name: 'Shop', icon: 'store' } })
  const make = async (body: Parameters<typeof client.call<typeof createEndpoint>>[1]['body']) =>
    (await client.call(createEndpoint, { body })).data
  const categories = await make({ name: 'Categories', path: '/api/categories', method: 'GET' })
  const fields = [
    { name: 'title', type: 'string' as const, required: true, maxLength: 80 },
    { name: 'price', type: 'number' as const, minimum: 0, indexed: true },
    { name: 'category', type: 'reference' as const, refEndpointId: categories.id },
    { name: 'size', type: 'object' as const, children: [{ name: 'width', type: 'number' as const }] },
  ]
  const products = await make({
    name: 'Products',
    path: '/api/products',
    method: 'POST',
    groupId: group.id,
    accessType: 'public',
    fields,
    handlers: [{ name: 'trim', type: 'pre', code: 'request.body.title = "x"', enabled: false }],
  })
  await make({ name: 'Product', path: '/api/products/:id', method: 'GET', accessType: 'public', fields })
  await make({
    name: 'Categories, new',
    path: '/api/categories',
    method: 'POST',
    accessType: 'public',
    fields: [
      { name: 'name', type: 'string' },
      { name: 'parent', type: 'reference', refEndpointId: categories.id },
      { name: 'bestseller', type: 'reference', refEndpointId: products.id },
    ],
  })
  await client.call(createCronJob, {
    body: { name: 'Nightly', schedule: '0 3 * * *', actionType: 'javascript', javascriptCode: 'return 1' },
  })
  await client.call(createWebhook, {
    body: {
      name: 'Shop events',
      url: 'https://1.1.1.1/hook',
      events: ['user.created'],
      secret: 'a-secret-that-must-stay',
      customHeaders: { authorization: 'Bearer of-somebody' },
    },
  })
  for (const title of ['Lamp', 'Table'])
    await createAsk(full.url)('POST', '/api/products', { body: { title, price: 5, size: { width: 2 } } })
}

type ExportQuery = { includeData?: 'true'; includeSettings?: 'true'; format?: 'json' | 'ndjson' }
type ImportQuery = { mode?: 'merge' | 'replace'; dryRun?: 'true'; confirm?: 'true' }

const exported = async (from: TestUser, query: ExportQuery = {}) =>
  (await from.client.call(exportProject, { query })).text()

/** Sends a bundle as it stands in a file. */
async function send(
  to: { url: string },
  who: TestUser,
  text: string,
  query: ImportQuery = {},
  lines = false,
) {
  const answer = await fetch(`${to.url}/api/project/import?${new URLSearchParams(query).toString()}`, {
    method: 'POST',
    headers: { ...who.headers, 'content-type': lines ? 'application/x-ndjson' : 'application/json' },
    body: text,
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

async function imported(text: string, query: ImportQuery = {}, lines = false): Promise<ProjectImported> {
  const { status, body } = await send(empty, admin, text, query, lines)
  expect([status, body.error]).toEqual([200, undefined])
  return body.data as ProjectImported
}

const names = ({ differences }: ProjectImported) =>
  differences.map(({ action, kind, name }) => `${action} ${kind} ${name}`)

async function traces() {
  const { kysely } = empty.database
  const count = (table: 'audit_entries' | 'events' | 'endpoints' | 'collections') =>
    kysely
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirst()
  return [
    await count('audit_entries'),
    await count('events'),
    await count('endpoints'),
    await count('collections'),
    await exported(admin, { includeData: 'true', includeSettings: 'true' }),
  ]
}

describe('an export', () => {
  it('holds what is defined, by name, and neither secrets nor people', async () => {
    const text = await exported(owner, { includeSettings: 'true' })
    const bundle = JSON.parse(text) as ProjectBundleInput
    expect(bundle).toMatchObject({
      version: '1.2',
      endpointGroups: [{ name: 'Shop', icon: 'store' }],
      cronJobs: [{ name: 'Nightly', schedule: '0 3 * * *', javascriptCode: 'return 1' }],
      webhooks: [{ name: 'Shop events', url: 'https://1.1.1.1/hook', events: ['user.created'] }],
      settings: { appName: 'Holdfast' },
    })
    expect(bundle.endpoints?.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/categories',
      'POST /api/categories',
      'POST /api/products',
      'GET /api/products/:id',
    ])
    expect(bundle.endpoints?.[2]).toMatchObject({
      group: 'Shop',
      fields: [
        { name: 'title', required: true },
        { name: 'price', indexed: true },
        { name: 'category', refEndpoint: 'GET /api/categories' },
        { name: 'size', children: [{ name: 'width', type: 'number' }] },
      ],
      handlers: [{ name: 'trim', type: 'pre' }],
    })
    expect(text).not.toMatch(/a-secret-that-must-stay|of-somebody|password|[0-9a-f]{8}-[0-9a-f]{4}-7/)
    expect(await exported(owner, { includeSettings: 'true' })).toBe(text)
  })

  it('holds records when they are asked for, one a line', async () => {
    const bundle = JSON.parse(await exported(owner, { includeData: 'true' })) as ProjectBundleInput
    expect(bundle.records?.['/api/products']).toMatchObject([
      { title: 'Lamp', price: 5 },
      { title: 'Table', size: { width: 2 } },
    ])
    expect(bundle.completeRecords).toEqual(['/api/categories', '/api/products'])
    const [, ...lines] = (await exported(owner, { includeData: 'true', format: 'ndjson' })).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { collection: '/api/products', record: { title: 'Lamp' } },
      { collection: '/api/products', record: { title: 'Table' } },
      { completeRecords: ['/api/categories', '/api/products'] },
    ])
  })
})

describe('an import', () => {
  it('says in a dry run what it would do, and leaves nothing behind', async () => {
    const text = await exported(owner, { includeData: 'true' })
    const before = await traces()
    const found = await imported(text, { dryRun: 'true' })
    expect(names(found)).toEqual([
      'create endpoint group Shop',
      'create endpoint GET /api/categories',
      'create endpoint POST /api/categories',
      'create endpoint POST /api/products',
      'create endpoint GET /api/products/:id',
      'create cron job Nightly',
      'create webhook Shop events',
    ])
    expect(found).toMatchObject({ dryRun: true, records: [{ path: '/api/products', added: 2, kept: 0 }] })
    expect(await traces()).toEqual(before)
  })

  it.each([false, true])(
    'makes elsewhere what was exported; once more, it changes nothing (as lines: %s)',
    async (lines) => {
      const format = lines ? 'ndjson' : 'json'
      const text = await exported(owner, { includeData: 'true', includeSettings: 'true', format })
      await imported(text, {}, lines)
      expect(await exported(admin, { includeData: 'true', includeSettings: 'true', format })).toBe(text)
      const again = await imported(text, { mode: 'replace' }, lines)
      expect(again).toMatchObject({
        differences: [],
        records: [{ path: '/api/products', added: 0, kept: 2 }],
        operationIds: [],
      })
      const { records } = JSON.parse(await exported(owner, { includeData: 'true' })) as ProjectBundleInput
      const [first] = records?.['/api/products'] ?? []
      const { body } = await createAsk(empty.url)('GET', `/api/products/${String(first?.['_id'])}`)
      expect(body).toMatchObject({ success: true, data: { title: 'Lamp', price: 5 } })
    },
  )

  it('is written down as one import and as each thing it touched', async () => {
    const actions = await empty.database.kysely
      .selectFrom('audit_entries')
      .select(['action', 'details'])
      .where('action', 'in', ['project.imported', 'endpoint.created', 'cron.created', 'webhook.created'])
      .execute()
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'endpoint.created',
        'cron.created',
        'webhook.created',
        'project.imported',
      ]) as string[],
    )
    expect(actions.find(({ action }) => action === 'project.imported')?.details).toMatchObject({
      mode: 'merge',
      records: 2,
    })
  })

  it('merges what is in the bundle and leaves the rest; replaces what a list leaves out', async () => {
    const bundle = {
      version: '1.2',
      cronJobs: [{ name: 'Hourly', schedule: '0 * * * *', actionType: 'javascript', javascriptCode: '1' }],
    }
    expect(names(await imported(JSON.stringify(bundle)))).toEqual(['create cron job Hourly'])
    const found = await imported(JSON.stringify(bundle), { mode: 'replace' })
    expect(names(found)).toEqual(['delete cron job Nightly'])
  })

  it('shows what an update alters, and keeps the records of a changed field', async () => {
    const bundle = JSON.parse(await exported(admin)) as ProjectBundleInput
    const changed = (bundle.endpoints ?? []).map((endpoint) =>
      endpoint.path.startsWith('/api/products')
        ? {
            ...endpoint,
            description: 'For sale',
            fields: [...(endpoint.fields ?? []), { name: 'color', type: 'string' as const }],
          }
        : endpoint,
    )
    const found = await imported(JSON.stringify({ ...bundle, endpoints: changed }), { mode: 'replace' })
    expect(names(found)).toEqual([
      'update endpoint POST /api/products',
      'update endpoint GET /api/products/:id',
    ])
    expect(found.differences[0]?.changes.map(({ property }) => property)).toEqual(['description', 'fields'])
    const { records } = JSON.parse(await exported(admin, { includeData: 'true' })) as ProjectBundleInput
    expect(records?.['/api/products']).toMatchObject([{ title: 'Lamp', price: 5 }, { title: 'Table' }])
  })

  it('asks before records lose values, and names them in a dry run', async () => {
    const bundle = JSON.parse(await exported(admin)) as ProjectBundleInput
    const endpoints = (bundle.endpoints ?? [])
      .filter(({ path }) => path.startsWith('/api/products'))
      .map((endpoint) => ({
        ...endpoint,
        fields: (endpoint.fields ?? []).filter(({ name }) => name !== 'price'),
      }))
    const text = JSON.stringify({ version: '1.2', endpoints })
    const before = await traces()
    const refused = await send(empty, admin, text)
    expect([refused.status, refused.body.code]).toEqual([409, 'project.loses_data'])
    const { losses } = await imported(text, { dryRun: 'true' })
    expect(losses.map(({ message }) => message).join()).toContain('"price" is removed: 2 records')
    expect(await traces()).toEqual(before)
    expect((await imported(text, { confirm: 'true' })).losses).toEqual(losses)
  })

  it.each([
    ['{', /is not/i],
    [{ version: '2.0' }, /must be 1.2/],
    [{ version: '1.2', endpoint: [] }, /endpoint/],
    [
      { version: '1.2', endpoints: [{ method: 'GET', path: '/api/users', name: 'x' }] },
      /product itself answers/,
    ],
    [
      { version: '1.2', endpoints: [{ method: 'GET', path: '/api/x', name: 'x', group: 'None' }] },
      /no endpoint group None/,
    ],
    [
      {
        version: '1.2',
        endpoints: [{ method: 'GET', path: '/api/x', name: 'x', allowedGroups: ['Ghosts'] }],
      },
      /no group Ghosts/,
    ],
    [
      {
        version: '1.2',
        endpoints: [
          { method: 'GET', path: '/api/x/:a', name: 'x' },
          { method: 'GET', path: '/api/x/:b', name: 'y' },
        ],
      },
      /stands twice/,
    ],
    [
      {
        version: '1.2',
        endpoints: [
          {
            method: 'GET',
            path: '/api/x',
            name: 'x',
            fields: [{ name: 'y', type: 'reference', refEndpoint: 'GET /api/z' }],
          },
        ],
      },
      /no endpoint GET \/api\/z/,
    ],
    [
      {
        version: '1.2',
        endpoints: [
          { method: 'GET', path: '/api/x', name: 'x', fields: [{ name: 'y', type: 'string' }] },
          { method: 'POST', path: '/api/x', name: 'x', fields: [{ name: 'y', type: 'number' }] },
        ],
      },
      /must have the type/,
    ],
    [
      {
        version: '1.2',
        cronJobs: [{ name: 'x', schedule: 'never', actionType: 'http', httpUrl: 'https://1.1.1.1' }],
      },
      /schedule/i,
    ],
    [
      {
        version: '1.2',
        endpoints: [{ method: 'POST', path: '/api/x', name: 'x', fields: [{ name: 'y', type: 'number' }] }],
        records: { '/api/x': [{ y: 1 }, { y: 'text' }] },
      },
      /Field "y"/,
    ],
    [{ version: '1.2', records: { '/api/nowhere': [{ y: 1 }] } }, /no enabled endpoint/],
    [
      { version: '1.2', records: { '/api/products': [{ _id: 'a'.repeat(24) }, { _id: 'A'.repeat(24) }] } },
      /stands twice/,
    ],
  ])('refuses %j whole, with the place of each mistake', async (bundle, reason) => {
    const before = await traces()
    const text = typeof bundle === 'string' ? bundle : JSON.stringify(bundle)
    const { status, body } = await send(empty, admin, text)
    expect([status, body.code]).toEqual([400, 'project.bundle_invalid'])
    expect(`${String(body.error)} ${JSON.stringify(body.details)}`).toMatch(reason)
    expect(await traces()).toEqual(before)
  })

  it('is for those who may manage the API', async () => {
    const reader = await empty.as(['view'])
    const { status } = await send(empty, reader, '{"version":"1.2"}')
    expect(status).toBe(403)
    const listed = await admin.client.call(listEndpoints, { query: { system: 'false' } })
    expect(listed.meta.total).toBeGreaterThan(0)
    await expect(reader.client.call(importProject, { query: {}, body: '{}' })).rejects.toMatchObject({
      status: 403,
    })
  })
})

describe('records of an import', () => {
  const path = '/api/notes'
  const id = (digit: string) => digit.repeat(24)
  const definitions = {
    version: '1.2',
    endpoints: (['GET', 'POST'] as const).map((method) => ({
      method,
      path,
      name: `Notes ${method}`,
      accessType: 'public',
      fields: [
        { name: 'text', type: 'string', required: true },
        { name: 'origin', type: 'string', required: true, hidden: true },
      ],
    })),
  }
  const bundleOf = (records: object[], more: object = {}) =>
    JSON.stringify({ version: '1.2', records: { [path]: records }, ...more })
  const stored = async () => {
    const { rows } = await empty.database.pool.query<{ name: string }>(
      `select '"records".' || quote_ident('c_' || replace(id::text, '-', '')) as name from collections where path = $1`,
      [path],
    )
    const records = await empty.database.pool.query<{ id: string; body: object; version: number }>(
      `select id, body, version from ${rows[0]?.name ?? ''} order by id`,
    )
    return records.rows
  }
  beforeAll(async () => {
    const records = ['a', 'b'].map((digit) => ({ _id: id(digit), text: digit, origin: 'hand' }))
    await imported(JSON.stringify({ ...definitions, records: { [path]: records } }))
  })

  it('take the values of the file where their id is here, and keep what the file could not show', async () => {
    const bundle = bundleOf([
      { _id: id('a'), text: 'changed' },
      { _id: id('b'), text: 'b' },
    ])
    const before = await traces()
    const counts = [{ path, added: 0, updated: 1, kept: 1, deleted: 0 }]
    expect(await imported(bundle, { dryRun: 'true' })).toMatchObject({ records: counts, losses: [] })
    expect(await traces()).toEqual(before)
    expect((await imported(bundle)).records).toEqual(counts)
    expect(await stored()).toMatchObject([
      { id: id('a'), body: { text: 'changed', origin: 'hand' }, version: 2 },
      { id: id('b'), body: { text: 'b', origin: 'hand' }, version: 1 },
    ])
    expect((await imported(bundle)).records).toMatchObject([{ updated: 0, kept: 2 }])
  })

  it('are all refused when a value of one is, with its place', async () => {
    const before = await stored()
    const { status, body } = await send(
      empty,
      admin,
      bundleOf([{ _id: id('b'), text: 'x' }, { _id: id('a') }]),
    )
    expect(status).toBe(400)
    expect(body.details).toEqual([{ path: `records.${path}.1`, message: 'Field "text" is required' }])
    expect(await stored()).toEqual(before)
  })

  it('go when the file replaces and says that it has all of them, and somebody has said yes', async () => {
    const some = [{ _id: id('b'), text: 'b' }]
    const kept = await imported(bundleOf(some), { mode: 'replace' })
    expect(kept.records).toEqual([{ path, added: 0, updated: 0, kept: 1, deleted: 0 }])
    const all = bundleOf(some, { completeRecords: [path] })
    expect((await imported(all)).records).toMatchObject([{ kept: 1, deleted: 0 }])

    const before = await traces()
    const refused = await send(empty, admin, all, { mode: 'replace' })
    expect([refused.status, refused.body.code, refused.body.details]).toEqual([
      409,
      'project.loses_data',
      [{ path, message: '1 record is not in the file, and deleted' }],
    ])
    const shown = await imported(all, { mode: 'replace', dryRun: 'true' })
    expect(shown.records).toMatchObject([{ kept: 1, deleted: 1 }])
    expect(shown.losses).toHaveLength(1)
    expect(await traces()).toEqual(before)

    await imported(all, { mode: 'replace', confirm: 'true' })
    expect((await stored()).map((record) => record.id)).toEqual([id('b')])
    const { body } = await createAsk(empty.url)('GET', path)
    expect(body).toMatchObject({ data: [{ text: 'b' }], meta: { total: 1 } })
  })

  it('stay when a file of lines was cut off before it says that it has all of them', async () => {
    const lines = [
      JSON.stringify({ version: '1.2' }),
      JSON.stringify({ collection: path, record: { _id: id('c'), text: 'c', origin: 'lines' } }),
      JSON.stringify({ completeRecords: [path] }),
    ]
    const query = { mode: 'replace', confirm: 'true' } as const
    const cut = await imported(lines.slice(0, 2).join('\n'), query, true)
    expect(cut.records).toEqual([{ path, added: 1, updated: 0, kept: 0, deleted: 0 }])
    const whole = await imported(lines.join('\n'), query, true)
    expect(whole.records).toEqual([{ path, added: 0, updated: 0, kept: 1, deleted: 1 }])
    expect((await stored()).map((record) => record.id)).toEqual([id('c')])
  })
})

it('webhooks of plugins are in no bundle, and an import that replaces leaves them alone', async () => {
  const url = 'https://1.1.1.1/counter'
  await admin.client.call(registerPlugin, {
    body: { name: 'Counter', version: '1.0.0', url, events: ['user.created'] },
  })
  const ofPlugin = async () =>
    (await admin.client.call(listWebhooks, {})).data.filter((webhook) => webhook.url === url)
  const before = await ofPlugin()
  expect(before).toHaveLength(1)
  expect(await exported(admin)).not.toContain(url)
  const ownWebhook = { name: before[0]?.name ?? '', url: 'https://1.1.1.1/own', events: ['user.created'] }
  const found = await imported(JSON.stringify({ version: '1.2', webhooks: [ownWebhook] }), {
    mode: 'replace',
  })
  expect(names(found)).toEqual([`create webhook ${ownWebhook.name}`, 'delete webhook Shop events'])
  await imported('{"version":"1.2","webhooks":[]}', { mode: 'replace' })
  expect(await ofPlugin()).toEqual(before)
})

it('a rule for a group that is gone stays closed here, and is refused where the group never was', async () => {
  const server = await startTestServer()
  try {
    const own = await server.as('superAdmin')
    const { data: group } = await own.client.call(createGroup, { body: { name: 'Gone', permissions: [] } })
    await own.client.call(createEndpoint, {
      body: {
        name: 'Guarded',
        path: '/api/guarded',
        method: 'POST',
        fields: [{ name: 'secret', type: 'string', readGroupIds: [group.id] }],
      },
    })
    await own.client.call(deleteGroup, { params: { id: group.id } })
    const bundle = await exported(own)
    const again = await send(server, own, bundle, { mode: 'replace' })
    expect([again.status, again.body.data]).toMatchObject([200, { differences: [] }])
    const elsewhere = await send(empty, admin, bundle, { dryRun: 'true' })
    expect([elsewhere.status, elsewhere.body.error]).toEqual([400, expect.stringContaining('no group')])
  } finally {
    await server.stop()
  }
})
