import { randomUUID } from 'node:crypto'
import { testContext } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpointField } from '../../endpoints/fixtures.ts'
import { crud, type RecordServer, startRecordServer, testCollection } from '@holdfast/testkit/record-server'
import { createImportsRepo } from '../repo/imports.ts'
import type { createExports } from './exports.ts'

const fields = [
  endpointField({ name: 'title', type: 'string', required: true }),
  endpointField({ name: 'price', type: 'number' }),
  endpointField({ name: 'sold', type: 'boolean' }),
  endpointField({ name: 'tags', type: 'array' }),
  endpointField({
    name: 'address',
    type: 'object',
    children: [endpointField({ name: 'city', type: 'string' })],
  }),
]
const source = testCollection('/api/source', fields)
const target = testCollection('/api/target', fields)
const free = testCollection('/api/free')
const endpoints = [...crud(source, fields), ...crud(target, fields), ...crud(free)]
const idOf = (path: string, method = 'POST') =>
  endpoints.find((endpoint) => endpoint.path === path && endpoint.method === method)?.id ?? ''

describe('import and export', () => {
  let server: RecordServer
  beforeAll(async () => {
    server = await startRecordServer(endpoints, { withWork: true })
  })
  afterAll(() => server.stop())

  const context = () =>
    testContext({
      kind: 'user',
      userId: randomUUID(),
      login: 'ann',
      sessionId: null,
      via: 'bearer',
      groupIds: [],
      permissions: new Set(['manage_api']),
      isAdmin: false,
    })

  async function* pieces(text: string | Buffer, size: number) {
    const bytes = Buffer.from(text)
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
  }

  /** Imports and waits for the end; answers the operation's result, and what was refused. */
  async function importInto(path: string, contentType: string, text: string | Buffer, pieceSize = 7) {
    const ctx = context()
    const started = await server.module.imports.start(ctx, idOf(path), {
      contentType,
      sizeBytes: null,
      body: pieces(text, pieceSize),
    })
    expect(ctx.audit.appended).toBe(1)
    let last = started
    for await (const operation of server.operations.watch(ctx, started.id, 0)) last = operation
    const importId = String(last.result?.importId)
    const lines =
      last.state === 'succeeded'
        ? await Array.fromAsync(await server.module.imports.refusals(ctx, idOf(path), importId))
        : []
    const refusals = lines
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { line: number; message: string; text: string })
    return { state: last.state, problem: last.problem, result: last.result, refusals }
  }

  async function exportFrom(path: string, format: 'ndjson' | 'csv' | 'json', query = '') {
    const route = server.module.routes.find(({ route }) => route.id === 'records.export')
    const streamed = (await route?.handler(
      context(),
      {
        params: { id: idOf(path) },
        query: { format, ...Object.fromEntries(new URLSearchParams(query)) },
        body: undefined,
      },
      { headers: {}, cookies: {}, scheme: 'http', host: 'x' },
    )) as Awaited<ReturnType<ReturnType<typeof createExports>['open']>>
    return (await Array.fromAsync(streamed.body)).join('')
  }

  const list = async (path: string) => (await server.call('GET', `${path}?limit=500`)).body

  it('good rows come in, bad ones are reported with line and reason', async () => {
    const before = (await list('/api/source')).meta.total
    const rows = [
      '{"title":"Ä one","price":1}',
      '',
      '{"price":2}',
      '{broken',
      '{"title":"two","colour":"red"}',
      '["list"]',
      '{"title":"three"}',
    ]
    const { state, result, refusals } = await importInto(
      '/api/source',
      'application/x-ndjson',
      rows.join('\r\n'),
    )
    expect([state, result]).toMatchObject(['succeeded', { accepted: 2, refused: 4 }])
    expect(refusals.map(({ line }) => line)).toEqual([3, 4, 5, 6])
    expect(refusals[0]).toMatchObject({
      message: 'Field "title" is required',
      text: expect.stringContaining('{"price":2}'),
    })
    const { data, meta } = await list('/api/source')
    expect(meta.total).toBe(before + 2)
    expect(data.slice(0, 2)).toMatchObject([{ title: 'three' }, { title: 'Ä one' }])
  })

  it.each(['ndjson', 'csv', 'json'] as const)(
    'what %s exports comes back the same, ids included',
    async (format) => {
      const bodies = [
        {
          title: '=cmd()',
          price: -3.5,
          sold: true,
          tags: ['a', '"b",', '\n'],
          address: { city: 'Ålesund, "north"' },
        },
        { title: "'quoted", price: 1e21, sold: false },
        { title: 'line\nbreak ] } [ {', tags: [] },
      ]
      for (const body of bodies) await server.call('POST', '/api/source', { body })
      const text = await exportFrom('/api/source', format)
      const { result } = await importInto(
        '/api/target',
        { ndjson: 'application/x-ndjson', csv: 'text/csv', json: 'application/json' }[format],
        text,
      )
      const strip = (record: Record<string, unknown>) => ({ ...record, createdAt: null, updatedAt: null })
      const [from, to] = [await list('/api/source'), await list('/api/target')]
      expect(result).toMatchObject({ accepted: from.meta.total, refused: 0 })
      expect(to.data.map(strip)).toEqual(from.data.map(strip))
      const again = await importInto(
        '/api/target',
        'application/json',
        await exportFrom('/api/source', 'json'),
      )
      expect(again.result).toMatchObject({ accepted: 0, refused: from.meta.total })
      await server.call('DELETE', '/api/target', { body: { ids: to.data.map(({ id }) => id) } })
    },
  )

  it('a cell that a spreadsheet would run is quoted', async () => {
    await server.call('POST', '/api/source', { body: { title: '@SUM(1)' } })
    const table = await exportFrom('/api/source', 'csv', 'filter[title]=@SUM(1)')
    expect(table).toContain("'@SUM(1)")
    expect(table.trim().split('\n')).toHaveLength(2)
  })

  it('records without a schema survive as a table too', async () => {
    await server.call('POST', '/api/free', { body: { any: ['thing', { deep: 1 }] } })
    const table = await exportFrom('/api/free', 'csv')
    const [{ id } = { id: '' }] = (await list('/api/free')).data
    await server.call('DELETE', `/api/free/${id}`)
    const imported = await importInto('/api/free', 'text/csv', table)
    expect(imported.result).toMatchObject({ accepted: 1, refused: 0 })
    expect((await list('/api/free')).data).toMatchObject([{ id, any: ['thing', { deep: 1 }] }])
  })

  it.each([
    ['application/json', '{"title":"not a list"}'],
    ['application/json', '[{"title":"cut'],
    ['application/x-ndjson', Buffer.from([0x22, 0xff, 0xfe])],
    ['text/csv', 'title,title\na,b'],
    ['text/csv', 'title\n"never closed'],
  ])('a file of %s that makes no sense fails with a sentence (%#)', async (contentType, text) => {
    const { state, problem } = await importInto('/api/target', contentType, text)
    expect(state).toBe('failed')
    expect(problem).toMatchObject({
      code: 'records.import_unreadable',
      error: expect.stringMatching(/^[A-Z].*\.$/),
    })
  })

  it.each([
    ['ndjson', (rows: string[]) => rows.join('\n')],
    ['json', (rows: string[]) => `[${rows.join(',')}]`],
    ['csv', (rows: string[]) => ['title', ...rows.map((row) => `"${row.slice(10, -2)}"`)].join('\r\n')],
  ] as const)('progress of %s counts what is stored, not what was read ahead', async (format, fileOf) => {
    const before = (await list('/api/target')).meta.total
    const rows = Array.from({ length: 1_200 }, (_, index) => `{"title":"röw ${1_000 + index}"}`)
    const bytes = Buffer.from(fileOf(rows))
    const ctx = context()
    const repo = createImportsRepo(server.database)
    const id = randomUUID()
    const upload = { endpointId: idOf('/api/target'), format, groupIds: [], sizeBytes: bytes.length }
    await repo.insert(ctx, { id, createdBy: null, ...upload }, server.clock.now())
    await repo.addChunk(ctx, id, 0, bytes)
    const told: [done: number, total: number][] = []
    const progress = (done: number, total: number | null = null) => void told.push([done, total ?? 0])
    await server.module.imports.operation.run(ctx, { id, input: { importId: id }, progress })
    expect((await list('/api/target')).meta.total).toBe(before + 1_200)
    const shares = told.map(([done, total]) => Number((done / total).toFixed(2)))
    expect(shares).toEqual([0.42, 0.83, 1, 1])
  })

  /** An import of 1,200 rows that waits to be run. */
  async function waitingImport(format: 'ndjson' | 'json') {
    const repo = createImportsRepo(server.database)
    const ctx = context()
    const id = randomUUID()
    const rows = Array.from({ length: 1_200 }, (_, index) => `{"title":"row ${index}"}`)
    const bytes = Buffer.from(format === 'json' ? `[${rows.join()}]` : rows.join('\n'))
    const upload = { id, endpointId: idOf('/api/target'), format, groupIds: [], createdBy: null }
    await repo.insert(ctx, { ...upload, sizeBytes: bytes.length }, server.clock.now())
    await repo.addChunk(ctx, id, 0, bytes)
    return (signal: AbortSignal = ctx.signal, progress: () => void = () => undefined) =>
      server.module.imports.operation.run({ ...ctx, signal }, { id, input: { importId: id }, progress })
  }

  it('a report is there under each endpoint of the collection, and under no other', async () => {
    const { result } = await importInto('/api/target', 'application/x-ndjson', '{"price":1}')
    const lines = async (path: string, method: string) => {
      const report = await server.module.imports.refusals(
        context(),
        idOf(path, method),
        String(result?.importId),
      )
      return (await Array.fromAsync(report)).length
    }
    expect([await lines('/api/target', 'POST'), await lines('/api/target', 'GET')]).toEqual([1, 1])
    await expect(lines('/api/source', 'POST')).rejects.toMatchObject({ code: 'records.import_not_found' })
  })

  it('a run that was cut off continues behind its last batch', async () => {
    const { total } = (await list('/api/target')).meta
    const run = await waitingImport('ndjson')
    const cut = new AbortController()
    await expect(run(cut.signal, () => cut.abort())).rejects.toThrow('aborted')
    const afterCut = (await list('/api/target')).meta.total
    expect(afterCut).toBe(total + 500)
    expect(await run()).toMatchObject({ accepted: 1_200, refused: 0 })
    expect((await list('/api/target')).meta.total).toBe(total + 1_200)
  })

  it.each(['ndjson', 'json'] as const)(
    'a run of %s that was cut off after its last batch is told again as it was',
    async (format) => {
      const { total } = (await list('/api/target')).meta
      const run = await waitingImport(format)
      const first = await run()
      expect(first).toMatchObject({ accepted: 1_200, refused: 0 })
      expect(await run()).toEqual(first)
      expect((await list('/api/target')).meta.total).toBe(total + 1_200)
    },
  )

  it('two runs at the same time put every row in once, and both tell the truth', async () => {
    const { total } = (await list('/api/target')).meta
    const run = await waitingImport('json')
    const results = await Promise.all([run(), run(), run()])
    for (const result of results) expect(result).toMatchObject({ accepted: 1_200, refused: 0 })
    expect((await list('/api/target')).meta.total).toBe(total + 1_200)
  })
})
