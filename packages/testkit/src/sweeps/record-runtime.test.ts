import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEndpoint, type EndpointInput } from '@holdfast/contracts/builder/endpoints'
import { createGroup } from '@holdfast/contracts/identity/groups'
import { problems, type ProblemCode } from '@holdfast/contracts/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness.ts'
import type { TestUser } from '../people.ts'

/**
 * The paths that endpoints define do not go through the contracts, so the other sweeps never see them. Every row of the
 * table for them is asked here for the same refusals, and each must leave the records as they were.
 */
interface Row {
  name: string
  method: EndpointInput['method']
  /** It names one record. */
  isOne: boolean
  success: number
}

const successes: Readonly<Record<string, number>> = { GET: 200, POST: 201, PUT: 200, PATCH: 200, DELETE: 200 }
const rows: Row[] = readFileSync(join(import.meta.dirname, 'routes.tsv'), 'utf8')
  .split('\n')
  .map((line) => line.split('\t'))
  .filter(([, , , , area]) => area === 'dynamic-runtime')
  .map(([, method = '', path = '']) => ({
    name: `${method} ${path}`,
    method: method as Row['method'],
    isOne: path.endsWith('/:id'),
    success: successes[method] ?? 0,
  }))
const changing = rows.filter(({ method }) => method !== 'GET')
const withBody = rows.filter(({ method }) => method !== 'GET' && method !== 'DELETE')
const naming = rows.filter(({ isOne }) => isOne)

type Kind = 'public' | 'authenticated' | 'group' | 'limited' | 'elsewhere'
const kinds: Readonly<Record<Kind, Partial<EndpointInput>>> = {
  public: { accessType: 'public' },
  authenticated: { accessType: 'authenticated' },
  group: { accessType: 'group' },
  limited: { accessType: 'public', rateLimit: { requestsMax: 2, windowSeconds: 60 } },
  elsewhere: {
    accessType: 'public',
    networkAccess: { enabled: true, allowedDomains: [], allowedIpRanges: ['10.0.0.0/8'] },
  },
}
const absent = '65f0c2a1b4e8d90012345678'

describe('paths that endpoints define', () => {
  let server: TestServer
  let admin: TestUser
  let member: TestUser
  let stranger: TestUser
  beforeAll(async () => {
    server = await startTestServer()
    admin = await server.as('superAdmin')
    const { data: group } = await admin.client.call(createGroup, {
      body: { name: 'Inside', permissions: [] },
    })
    ;[member, stranger] = [await server.as('admin'), await server.as(['view'])]
    await server.database.pool.query('insert into user_groups (user_id, group_id) values ($1, $2)', [
      member.user.id,
      group.id,
    ])
    for (const [kind, own] of Object.entries(kinds))
      for (const method of Object.keys(successes))
        await admin.client.call(createEndpoint, {
          body: {
            name: `${method} ${kind}`,
            path: `/api/${kind}-things`,
            method: method as Row['method'],
            schema: [{ name: 'title', type: 'string', required: true }],
            ...own,
            ...(kind === 'group' && { allowedGroupIds: [group.id] }),
          },
        })
  })
  afterAll(() => server.stop())

  interface Sent {
    headers?: Record<string, string>
    body?: string | undefined
    id?: string
  }

  async function send(row: Pick<Row, 'method' | 'isOne'>, kind: Kind, { headers = {}, body, id }: Sent = {}) {
    const path = `/api/${kind}-things${row.isOne ? `/${id ?? (await aRecord(kind))}` : ''}`
    const sendsBody = row.method !== 'GET' && row.method !== 'DELETE'
    const text = sendsBody ? (body ?? '{"title":"changed"}') : undefined
    const response = await fetch(server.url + path, {
      method: row.method,
      headers: { ...(sendsBody && { 'content-type': 'application/json' }), ...headers },
      ...(text !== undefined && { body: text }),
    })
    const answer = (await response.json()) as Record<string, unknown>
    return { status: response.status, headers: response.headers, body: answer }
  }

  /** Straight into the table, so that no limit and no rule is in the way. */
  async function aRecord(kind: Kind): Promise<string> {
    const id = [...crypto.getRandomValues(new Uint8Array(12))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')
    await server.database.pool.query(
      `insert into records.${await tableOf(kind)} (id, body, endpoint_id, created_at, updated_at)
       select $1, '{"title":"as it was"}', id, now(), now() from endpoints where path = $2 limit 1`,
      [id, `/api/${kind}-things`],
    )
    return id
  }

  async function tableOf(kind: Kind): Promise<string> {
    const { rows: found } = await server.database.pool.query<{ id: string }>(
      'select id from collections where path = $1',
      [`/api/${kind}-things`],
    )
    return `c_${found[0]?.id.replaceAll('-', '')}`
  }

  async function stored(kind: Kind): Promise<string> {
    const { rows: found } = await server.database.pool.query<{ all: string }>(
      `select coalesce(string_agg(id || body::text || version, ',' order by id), '') as all from records.${await tableOf(kind)}`,
    )
    return found[0]?.all ?? ''
  }

  /** Sends it, and looks that it is refused in the one form, with nothing changed. Answers the refusal. */
  async function refused(row: Row, kind: Kind, code: ProblemCode, sent: Sent = {}) {
    const id = row.isOne ? (sent.id ?? (await aRecord(kind))) : undefined
    const before = await stored(kind)
    const answer = await send(row, kind, { ...sent, ...(id !== undefined && { id }) })
    expect(answer.body).toMatchObject({
      success: false,
      error: expect.stringMatching(/\S/),
      code,
      requestId: expect.stringMatching(/\S/),
    })
    expect(answer.status).toBe(problems[code].status)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await stored(kind)).toBe(before)
    return answer
  }

  it('are all in the table', () => {
    expect(rows.map(({ success }) => success)).toEqual([200, 200, 201, 200, 200, 200])
  })

  it.each(rows)('$name answers whom it is for, in the envelope', async (row) => {
    for (const [kind, headers] of [
      ['public', {}],
      ['authenticated', stranger.headers],
      ['group', member.headers],
    ] as const) {
      const { status, body, headers: answered } = await send(row, kind, { headers })
      expect([status, body.success]).toEqual([row.success, true])
      expect(answered.get('x-ratelimit-limit')).toBeNull()
    }
  })

  it.each(rows)('$name is 401 without a credential, and with one that is not good', async (row) => {
    for (const kind of ['authenticated', 'group'] as const)
      for (const headers of [{}, { authorization: 'Bearer nonsense' }, { cookie: 'holdfast_session=x' }])
        expect((await refused(row, kind, 'auth.required', { headers })).status).toBe(401)
  })

  it.each(rows)('$name is 403 for somebody of another group', async (row) => {
    const { status } = await refused(row, 'group', 'records.group_required', { headers: stranger.headers })
    expect(status).toBe(403)
  })

  it.each(rows)('$name is 403 from another network, before anybody is asked who they are', async (row) => {
    const { status } = await refused(row, 'elsewhere', 'records.network_denied', { body: '{broken' })
    expect(status).toBe(403)
  })

  it.each(changing)('$name is 403 with a cookie and no CSRF token', async (row) => {
    const { status } = await refused(row, 'authenticated', 'auth.csrf_invalid', {
      headers: { cookie: stranger.cookie },
    })
    expect(status).toBe(403)
  })

  it.each(withBody)('$name is 415 for what is no JSON', async (row) => {
    const { status } = await refused(row, 'public', 'request.type_unsupported', {
      headers: { 'content-type': 'text/plain' },
    })
    expect(status).toBe(415)
  })

  it.each(withBody)('$name is 400 for broken JSON, for no object, and for a wrong field', async (row) => {
    await refused(row, 'public', 'request.malformed', { body: '{"title":' })
    await refused(row, 'public', 'records.invalid', { body: '"text"' })
    const { body } = await refused(row, 'public', 'records.invalid', { body: '{"title":7}' })
    expect(body.details).toMatchObject([{ path: 'body.title' }])
  })

  it.each(withBody)('$name is 413 for a body beyond the bound', async (row) => {
    const { status } = await refused(row, 'public', 'request.too_large', {
      body: JSON.stringify({ title: 'x'.repeat(10_500_000) }),
    })
    expect(status).toBe(413)
  })

  it.each(naming)('$name is 404 for a record that is not there, and for what is no id', async (row) => {
    for (const id of [absent, 'x', '%00', '65F0C2A1B4E8D9001234567'])
      expect((await send(row, 'public', { id })).status).toBe(404)
    await refused(row, 'public', 'records.not_found', { id: absent })
  })

  it.each(rows)('$name tells the limit of its endpoint, and is 429 beyond it', async (row) => {
    server.clock.advance(61_000)
    const id = absent
    const first = await send(row, 'limited', { id })
    expect(first.headers.get('x-ratelimit-limit')).toBe('2')
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1')
    await send(row, 'limited', { id })
    const { headers } = await refused(row, 'limited', 'request.limited', { id })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
  })

  it('a method that no endpoint has is 405 and says which there are', async () => {
    await admin.client.call(createEndpoint, {
      body: { name: 'Only read', path: '/api/only-read', method: 'GET', accessType: 'public' },
    })
    const response = await fetch(`${server.url}/api/only-read`, { method: 'PUT', body: '{}' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await response.json()).toMatchObject({ success: false, code: 'request.method_not_allowed' })
  })
})
