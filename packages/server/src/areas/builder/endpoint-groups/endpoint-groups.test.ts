import {
  createEndpointGroup,
  deleteEndpointGroup,
  listEndpointGroups,
  updateEndpointGroup,
} from '@holdfast/contracts/builder/endpoint-groups'
import { createEndpoint, getEndpoint } from '@holdfast/contracts/builder/endpoints'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('endpoint groups', () => {
  let server: TestServer
  let admin: Awaited<ReturnType<TestServer['as']>>
  beforeAll(async () => {
    server = await startTestServer()
    admin = await server.as('superAdmin')
  })
  afterAll(() => server.stop())

  const call: TestServer['anonymous']['call'] = (route, ...input) => admin.client.call(route, ...input)
  const create = async (name: string, more: object = {}) =>
    (await call(createEndpointGroup, { body: { name, ...more } })).data
  const list = async () => (await call(listEndpointGroups)).data
  const createIn = async (groupId: string, path: string) =>
    (
      await call(createEndpoint, {
        body: { name: path, path, method: 'GET', accessType: 'public', groupId },
      })
    ).data
  const statusOf = async (path: string) => (await fetch(server.url + path)).status

  const traces = async () => ({
    audit: (await server.database.kysely.selectFrom('audit_entries').select('id').execute()).length,
    events: (await server.database.kysely.selectFrom('events').select('id').execute()).length,
    groups: await list(),
  })
  /** The code of the refusal, which has left no trace. */
  const refusalOf = async (work: () => Promise<unknown>) => {
    const before = await traces()
    const refusal: unknown = await work().catch((error: unknown) => error)
    expect(await traces()).toEqual(before)
    return refusal
  }

  const nowhere = { enabled: true, allowedDomains: [], allowedIpRanges: ['203.0.113.0/24'] }
  const here = { enabled: true, allowedDomains: [], allowedIpRanges: ['127.0.0.1', '::1'] }
  const unknownId = '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e'

  it('a new group is listed as it was answered, with its defaults, and is audited and announced once', async () => {
    const before = await traces()
    const group = await create('Shop')
    expect(group).toMatchObject({ _id: group.id, icon: 'folder', order: 0, endpointCount: 0 })
    expect(await list()).toContainEqual(group)
    expect(await traces()).toMatchObject({ audit: before.audit + 1, events: before.events + 1 })
  })

  it('groups are listed by their order, then by name', async () => {
    await create('Zebra', { order: 90_000 })
    await create('Last', { order: 90_001 })
    await create('Ant', { order: 90_000 })
    expect((await list()).map(({ name }) => name).slice(-3)).toEqual(['Ant', 'Zebra', 'Last'])
  })

  it('a name that differs only in case is refused, for a new group and for a renamed one', async () => {
    await create('Taken')
    const other = await create('Free')
    expect(await refusalOf(() => create('TAKEN'))).toMatchObject({ code: 'endpoint_groups.name_taken' })
    const body = { name: 'taken' }
    const rename = () => call(updateEndpointGroup, { params: { id: other.id }, body })
    expect(await refusalOf(rename)).toMatchObject({ code: 'endpoint_groups.name_taken' })
  })

  it('a range that is none is refused, and the rules stay as they were', async () => {
    const group = await create('Ranged', { networkAccess: here })
    const networkAccess = { ...here, allowedIpRanges: ['10.0.0.0/99'] }
    expect(await refusalOf(() => create('Wrong', { networkAccess }))).toMatchObject({
      code: 'endpoints.network_invalid',
    })
    const change = () => call(updateEndpointGroup, { params: { id: group.id }, body: { networkAccess } })
    expect(await refusalOf(change)).toMatchObject({ code: 'endpoints.network_invalid' })
  })

  it('a change keeps what it does not name', async () => {
    const group = await create('Before', { color: '#112233', networkAccess: here })
    const body = { name: 'After' }
    const { data } = await call(updateEndpointGroup, { params: { id: group.id }, body })
    expect(data).toEqual({ ...group, name: 'After', updatedAt: data.updatedAt })
    expect(await list()).toContainEqual(data)
  })

  it('a change of its network rules holds at once for the endpoints that inherit them', async () => {
    const group = await create('Fenced', { networkAccess: here })
    const path = '/api/fenced'
    await createIn(group.id, path)
    expect(await statusOf(path)).toBe(200)
    await call(updateEndpointGroup, { params: { id: group.id }, body: { networkAccess: nowhere } })
    expect(await statusOf(path)).toBe(403)
  })

  it('a deleted group leaves its endpoints, without a group and without its rules', async () => {
    const group = await create('Passing', { networkAccess: nowhere })
    const path = '/api/left-behind'
    const { id } = await createIn(group.id, path)
    expect((await list()).find((one) => one.id === group.id)?.endpointCount).toBe(1)
    expect(await statusOf(path)).toBe(403)
    await call(deleteEndpointGroup, { params: { id: group.id } })
    expect((await list()).map((one) => one.id)).not.toContain(group.id)
    expect((await call(getEndpoint, { params: { id } })).data.groupId).toBeNull()
    expect(await statusOf(path)).toBe(200)
  })

  it('a group that does not exist can be neither changed nor deleted', async () => {
    const params = { id: unknownId }
    const change = () => call(updateEndpointGroup, { params, body: { name: 'Ghost' } })
    expect(await refusalOf(change)).toMatchObject({ code: 'endpoint_groups.not_found' })
    expect(await refusalOf(() => call(deleteEndpointGroup, { params }))).toMatchObject({
      code: 'endpoint_groups.not_found',
    })
  })
})
