import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { getUser } from '@holdfast/contracts/identity/users'
import { listActivity } from '@holdfast/contracts/platform/activity'
import {
  clearCollection,
  createDocument,
  deleteDocument,
  getDocument,
  listCollections,
  listDocuments,
  redacted,
  updateDocument,
} from '@holdfast/contracts/platform/explorer'
import { getSettings, settingDefaults } from '@holdfast/contracts/platform/settings'
import { startTestServer, type TestServer, testContext } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('the database explorer', () => {
  let server: TestServer
  let admin: TestUser
  beforeAll(async () => {
    server = await startTestServer()
    admin = await server.as('superAdmin')
  })
  afterAll(() => server.stop())

  const create = async (name: string, body: Record<string, unknown>) =>
    (await admin.client.call(createDocument, { params: { name }, body })).data
  const list = (name: string, query: { search?: string; limit?: number; page?: number } = {}) =>
    admin.client.call(listDocuments, { params: { name }, query })
  const get = async (name: string, id: string) =>
    (await admin.client.call(getDocument, { params: { name, id } })).data
  const update = async (name: string, id: string, body: Record<string, unknown>) =>
    (await admin.client.call(updateDocument, { params: { name, id }, body })).data
  const remove = (name: string, id: string) => admin.client.call(deleteDocument, { params: { name, id } })
  const makeEndpoint = async (path: string, schema: { name: string; type: 'string'; hidden?: boolean }[]) =>
    (
      await admin.client.call(createEndpoint, {
        body: { name: path, path, method: 'POST', accessType: 'public', schema },
      })
    ).data

  it('lists seven collections with their counts, of which two can be cleared', async () => {
    const { data } = await admin.client.call(listCollections, {})
    expect(data.map(({ name }) => name)).toEqual([
      'users',
      'groups',
      'endpoints',
      'endpointgroups',
      'endpointdatas',
      'logs',
      'systemsettings',
    ])
    expect(data.filter(({ clearable }) => clearable).map(({ name }) => name)).toEqual([
      'endpointdatas',
      'logs',
    ])
    expect(data.find(({ name }) => name === 'groups')?.count).toBeGreaterThan(8)
  })

  it('shows a user without what lets them in, and never takes it', async () => {
    const made = await create('users', {
      login: 'raw',
      email: 'raw@example.com',
      password: 'Chosen-by-somebody-1',
      refreshToken: 'x',
    })
    expect(made).toMatchObject({
      login: 'raw',
      status: 'invited',
      password: redacted,
      refreshToken: redacted,
    })
    await expect(server.signIn('raw', 'Chosen-by-somebody-1')).rejects.toMatchObject({ status: 401 })
    const changed = await update('users', made.id, { ...made, name: 'Raw Person' })
    expect(changed).toMatchObject({ _id: made.id, name: 'Raw Person', status: 'invited' })
    expect((await admin.client.call(getUser, { params: { id: made.id } })).data.name).toBe('Raw Person')
    expect((await list('users', { search: 'raw person' })).data).toEqual([changed])
    expect((await list('users', { search: made.id })).data).toEqual([changed])
  })

  it('holds to the rules of whoever owns the document', async () => {
    await expect(create('users', { login: 'a b' })).rejects.toMatchObject({
      code: 'request.invalid',
      details: [{ path: 'body.login', message: 'must not contain spaces' }],
    })
    await expect(remove('users', admin.user.id)).rejects.toMatchObject({ status: 409 })
    await expect(create('endpoints', { name: 'x', path: '/api/users', method: 'GET' })).rejects.toMatchObject(
      {
        code: 'request.invalid',
        message: expect.stringContaining('/api/users') as string,
      },
    )
  })

  it('is no way to rights that somebody does not have', async () => {
    const manager = (await server.as(['manage_users'])).client
    const body = { name: 'Mine', permissions: ['manage_api'] }
    await expect(manager.call(createDocument, { params: { name: 'groups' }, body })).rejects.toMatchObject({
      code: 'database.document_protected',
    })
    await expect(
      manager.call(updateDocument, {
        params: { name: 'users', id: admin.user.id },
        body: { name: 'Taken over' },
      }),
    ).rejects.toMatchObject({ code: 'database.document_protected' })
    expect((await get('users', admin.user.id))['name']).not.toBe('Taken over')
  })

  it('shows records of every path as one collection, newest first, and finds them by id and path', async () => {
    await makeEndpoint('/api/lamps', [{ name: 'title', type: 'string' }])
    await makeEndpoint('/api/chairs', [{ name: 'title', type: 'string' }])
    const ids: string[] = []
    for (const [resourcePath, title] of [
      ['/api/lamps', 'one'],
      ['/api/chairs', 'two'],
      ['/api/lamps', 'three'],
    ])
      ids.push((await create('endpointdatas', { resourcePath, data: { title } })).id)
    const { data, meta } = await list('endpointdatas', { limit: 2 })
    expect(data.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    expect(meta).toEqual({ page: 1, limit: 2, total: 3 })
    expect((await list('endpointdatas', { limit: 2, page: 2 })).data).toMatchObject([
      { _id: ids[0], resourcePath: '/api/lamps', data: { title: 'one' } },
    ])
    expect((await list('endpointdatas', { search: 'chairs' })).data.map(({ id }) => id)).toEqual([ids[1]])
    expect((await list('endpointdatas', { search: ids[0] ?? '' })).data.map(({ id }) => id)).toEqual([ids[0]])
  })

  it('a record that is written here passes the schema, and is seen by the endpoint at once', async () => {
    await makeEndpoint('/api/books', [
      { name: 'title', type: 'string' },
      { name: 'pin', type: 'string', hidden: true },
    ])
    const made = await create('endpointdatas', { resourcePath: '/api/books', data: { title: 'A', pin: '1' } })
    expect(made['data']).toEqual({ title: 'A' })
    await expect(
      create('endpointdatas', { resourcePath: '/api/books', data: { title: 7 } }),
    ).rejects.toMatchObject({ code: 'request.invalid', details: [{ path: 'body.title' }] })
    await expect(create('endpointdatas', { resourcePath: '/api/none', data: {} })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    const changed = await update('endpointdatas', made.id, { data: { title: 'B' } })
    expect(changed).toMatchObject({ _id: made.id, data: { title: 'B' } })
    const stored = await server.database.pool.query<{ body: string }>(
      `select body::text from records.${await tableOf('/api/books')}`,
    )
    expect(stored.rows[0]?.body).toContain('"1"')
    await remove('endpointdatas', made.id)
    await expect(get('endpointdatas', made.id)).rejects.toMatchObject({
      code: 'database.document_not_found',
    })
    await expect(get('endpointdatas', 'nonsense')).rejects.toMatchObject({
      code: 'database.document_id_invalid',
    })
  })

  const tableOf = async (path: string) => {
    const { rows } = await server.database.pool.query<{ id: string }>(
      `select replace(id::text, '-', '') as id from collections where path = $1`,
      [path],
    )
    return `c_${rows[0]?.id}`
  }

  it('clears all records, and the counts with them', async () => {
    await makeEndpoint('/api/notes', [])
    for (let index = 0; index < 3; index += 1)
      await create('endpointdatas', { resourcePath: '/api/notes', data: { index } })
    const { total } = (await list('endpointdatas')).meta
    const { data } = await admin.client.call(clearCollection, { params: { name: 'endpointdatas' } })
    expect(data.deleted).toBe(total)
    expect((await list('endpointdatas')).meta.total).toBe(0)
    const { rows } = await server.database.pool.query(`select from records.${await tableOf('/api/notes')}`)
    expect(rows).toHaveLength(0)
    await create('endpointdatas', { resourcePath: '/api/notes', data: {} })
    expect((await list('endpointdatas')).meta.total).toBe(1)
  })

  it('a setting is a document too: it is checked, takes effect, and goes back to its default', async () => {
    const current = async () => (await admin.client.call(getSettings, {})).data.settings.logsPerPage
    await create('systemsettings', { key: 'logsPerPage', value: 77 })
    expect(await current()).toBe(77)
    await expect(update('systemsettings', 'logsPerPage', { value: -1 })).rejects.toMatchObject({
      code: 'request.invalid',
      details: [{ path: 'body.value' }],
    })
    await remove('systemsettings', 'logsPerPage')
    expect(await current()).toBe(settingDefaults.logsPerPage)
    expect((await list('systemsettings', { search: 'perpage' })).meta.total).toBe(3)
  })

  it('a log row can be found and deleted, and nobody writes one', async () => {
    const activity = server.platform.activity
    const ctx = testContext({ kind: 'system', name: 'test' })
    activity.record({ action: 'login', message: 'To be found' })
    await activity.flush()
    const before = await activity.count(ctx)
    const [row] = (await list('logs', { search: 'to be found' })).data
    expect(await get('logs', row?.id ?? '')).toEqual(row)
    await expect(update('logs', row?.id ?? '', { message: 'Other words' })).rejects.toMatchObject({
      code: 'database.document_protected',
    })
    await remove('logs', row?.id ?? '')
    expect((await list('logs', { search: 'to be found' })).data).toEqual([])
    await activity.flush()
    // One row less, one more that tells of it, and one of the change that was refused.
    expect(await activity.count(ctx)).toBe(before + 1)
  })

  it('every change shows in the activity log', async () => {
    const group = await create('groups', { name: 'Shown' })
    await update('groups', group.id, { description: 'Changed' })
    await remove('groups', group.id)
    await server.platform.activity.flush()
    const { data } = await admin.client.call(listActivity, { query: { search: group.id } })
    expect(data.map(({ message }) => message).toSorted()).toEqual(
      ['create', 'delete', 'update'].map((verb) => `Raw DB ${verb}: groups/${group.id}`),
    )
  })
})
