import { randomBytes, randomUUID } from 'node:crypto'
import { testContext } from '@holdfast/testkit/harness'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UniqueViolation } from '../model.ts'
import { endpointField } from '../endpoints/fixtures.ts'
import { crud, type RecordServer, startRecordServer, testCollection } from '@holdfast/testkit/record-server'

const fields = [endpointField({ name: 'title', type: 'string' })]
const system = testContext({ kind: 'system', name: 'test' })
const fieldId = '00000000-0000-7000-8000-0000000000aa'

describe('what happens to records over time', () => {
  let server: RecordServer
  const notes = testCollection('/api/notes', fields)
  const kept = testCollection('/api/kept', fields)
  const endpoints = [...crud(notes, fields, { dataRetentionDays: 1 }), ...crud(kept, fields)]
  beforeEach(async () => {
    server = await startRecordServer(endpoints)
  })
  afterEach(() => server.stop())

  const create = async (path: string, title: string) =>
    (await server.call('POST', path, { body: { title } })).body.data.id
  const total = async (path: string) => (await server.call('GET', path)).body.meta.total

  it('a record past its retention is absent at once, and swept with its count', async () => {
    const id = await create('/api/notes', 'old')
    server.clock.advance(23 * 3_600_000)
    await create('/api/notes', 'young')
    expect(await total('/api/notes')).toBe(2)
    server.clock.advance(2 * 3_600_000)
    expect((await server.call('GET', `/api/notes/${id}`)).status).toBe(404)
    expect((await server.call('PATCH', `/api/notes/${id}`, { body: { title: 'x' } })).status).toBe(404)
    expect((await server.call('GET', '/api/notes')).body).toMatchObject({
      data: [{ title: 'young' }],
      meta: { total: 1 },
    })
    const stored = () => server.store.count(system, notes)
    await server.module.sweeper.sweep()
    expect([await total('/api/notes'), await stored()]).toEqual([1, 1])
  })

  it('deleting an endpoint’s records leaves the others and keeps the count right', async () => {
    await create('/api/kept', 'mine')
    const post = endpoints.find(({ collection, method }) => collection === kept && method === 'POST')
    server.define([
      ...endpoints,
      {
        ...endpoints.find((endpoint) => endpoint === post)!,
        id: fieldId,
        path: '/api/kept/other',
        collection: kept,
      },
    ])
    await create('/api/kept/other', 'theirs')
    const removed = await server.database.transaction(system, (tx) =>
      server.store.removeOfEndpoint(tx, kept, fieldId, server.clock.now()),
    )
    expect([removed, await total('/api/kept')]).toEqual([1, 1])
    expect((await server.call('GET', '/api/kept')).body.data).toMatchObject([{ title: 'mine' }])
  })

  it('records move to another collection with their keys renamed and both counts right', async () => {
    const id = await create('/api/kept', 'moved')
    const moved = await server.database.transaction(system, (tx) =>
      server.store.moveRecords(tx, { from: kept, to: notes, endpointId: null, keys: { title: 'heading' } }),
    )
    expect(moved).toBe(1)
    expect([await total('/api/kept'), await total('/api/notes')]).toEqual([0, 1])
    expect((await server.module.access.find(notes, id))?.body).toContain('"heading"')
  })

  it('values are counted under a path, through lists, and null is none', async () => {
    const free = testCollection('/api/free')
    await server.store.createTable(system, free)
    server.define(crud(free))
    for (const body of [
      { a: { b: 1 } },
      { a: { b: null } },
      { a: [] },
      { list: [{ x: null }, { x: 2 }] },
      { list: 'no' },
    ])
      await server.call('POST', '/api/free', { body })
    expect(await server.store.countValues(system, free, [{ key: 'a' }, { key: 'b' }])).toBe(1)
    expect(await server.store.countValues(system, free, [{ key: 'list' }, 'items', { key: 'x' }])).toBe(1)
    expect(await server.store.countValues(system, free, [{ key: 'a' }])).toBe(3)
  })

  it('rewriting changes every body once and reports its progress', async () => {
    for (const title of ['a', 'b', 'c']) await create('/api/kept', title)
    const progress: number[] = []
    await server.store.rewrite(
      system,
      kept,
      (body) => (body.title === 'b' ? null : { ...body, title: `${String(body.title)}!` }),
      (done) => progress.push(done),
    )
    const { body } = await server.call('GET', '/api/kept')
    expect(body.data.map(({ title }) => title)).toEqual(['c!', 'b', 'a!'])
    expect(progress.at(-1)).toBe(3)
  })

  it('a unique index over existing doubles fails with an example and leaves nothing behind', async () => {
    await create('/api/kept', 'twice')
    await create('/api/kept', 'twice')
    const index = { fieldId, key: 'title', unique: true, cast: 'text' } as const
    await expect(server.store.createIndex(system, kept, index, () => undefined)).rejects.toThrow(
      new UniqueViolation('twice'),
    )
    expect(await create('/api/kept', 'twice')).toMatch(/^[0-9a-f]{24}$/)
    const { rows } = await server.database.pool.query(
      `select count(*) as n from pg_indexes where schemaname = 'records' and indexname like 'u_%'`,
    )
    expect(rows[0].n).toBe(0)
  })

  it('indexes that are asked for at the same time are all built', async () => {
    await create('/api/kept', 'one')
    const fieldIds = Array.from({ length: 4 }, () => randomUUID())
    await Promise.all(
      fieldIds.map((fieldId) =>
        server.store.createIndex(system, kept, { fieldId, key: 'title', unique: false, cast: 'text' }, () => undefined),
      ),
    )
    const { rows } = await server.database.pool.query(
      `select count(*) as n from pg_index join pg_class on pg_class.oid = indexrelid
       where relname like 'i\\_%' and indisvalid`,
    )
    expect(rows[0].n).toBe(fieldIds.length)
  })

  it('a dropped index lets doubles in again', async () => {
    const index = { fieldId, key: 'title', unique: true, cast: 'text' } as const
    await server.store.createIndex(system, kept, index, () => undefined)
    await create('/api/kept', 'one')
    expect((await server.call('POST', '/api/kept', { body: { title: 'one' } })).status).toBe(409)
    expect(
      (await server.call('POST', '/api/kept', { body: { title: randomBytes(5_000).toString('hex') } }))
        .status,
    ).toBe(400)
    await server.store.dropIndex(system, kept, index)
    expect((await server.call('POST', '/api/kept', { body: { title: 'one' } })).status).toBe(201)
  })
})
