import { createAsk } from '@holdfast/testkit/ask'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemContext } from '../../../context.ts'
import { createTenantHarness } from '../testing.ts'
import { waitPreference } from './preference.ts'

async function createHarness() {
  const harness = await createTenantHarness()
  const { server, tenantId, ask } = harness
  const { database, gateway, clock } = server
  const key = (await ask('POST', '/keys', { label: 'Key' })).body
  /** What the link writes when a gateway says something. */
  const heard = (id: string, appliedRevision: number, more: { disconnected?: boolean } = {}) =>
    database.tenant({ ...systemContext('test'), organizationId: tenantId }, async (tx) => {
      const at = clock.now().toISOString()
      const facts = {
        applied_revision: appliedRevision,
        last_seen_at: at,
        disconnected_at: more.disconnected ? at : null,
      }
      await tx.tx
        .insertInto('gateways')
        .values({ id, organization_id: tenantId, key_id: key.id, connected_at: at, ...facts })
        .onConflict((conflict) => conflict.columns(['organization_id', 'id']).doUpdateSet(facts))
        .execute()
      await gateway.gatewaysRepo.announce(tx)
    })
  const service = { name: 'Shop', targetUrl: 'http://127.0.0.1:9000' }
  return { ...harness, heard, service }
}

const ids = [1, 2, 3].map((n) => `019b0000-0000-7000-8000-00000000000${n}`)
const [first = '', second = '', third = ''] = ids

describe('waiting until a change is in force', () => {
  it('ends when the last connected gateway has it, whichever replica hears of it', async () => {
    const { server, owner, heard, ask, service, revision, tenantId } = await createHarness()
    const other = await server.replica()
    onTestFinished(() => other.stop())
    await heard(first, 1)
    await heard(second, 1)
    await heard(third, 1, { disconnected: true })
    let ended = false
    const changing = createAsk(other.url)('POST', `/api/tenants/${tenantId}/services?wait=applied`, {
      body: service,
      headers: { ...owner.headers, prefer: 'wait=60' },
    }).finally(() => {
      ended = true
    })
    await until(async () => (await revision()) === 2)
    await heard(first, 2)
    expect(ended).toBe(false)
    await heard(second, 2)
    const { status, headers } = await changing
    expect([status, headers.get('x-config-revision'), headers.get('x-config-applied')]).toEqual([
      201,
      '2',
      '2/2',
    ])
    expect(headers.get('preference-applied')).toBe('wait=60')
    expect((await ask('GET', '/gateways')).body).toMatchObject([
      { id: first, online: true, behind: 0 },
      { id: second, online: true, behind: 0 },
      { id: third, online: false, behind: 1 },
    ])
  })

  it('a gateway that does not follow is counted, and the change stands all the same', async () => {
    const { heard, ask, service } = await createHarness()
    await heard(first, 2)
    await heard(second, 1)
    const { status, headers } = await ask('POST', '/services', service, { prefer: 'wait=0' })
    expect([status, headers.get('x-config-applied')]).toEqual([201, '1/2'])
    expect((await ask('GET', '/services')).body).toHaveLength(1)
  })

  it('a gateway that goes away is not waited for, nor one that has fallen silent', async () => {
    const { server, heard, ask, service, revision } = await createHarness()
    await heard(first, 1)
    const changing = ask('POST', '/services?wait=applied', service, { prefer: 'wait=60' })
    await until(async () => (await revision()) === 2)
    await heard(first, 1, { disconnected: true })
    expect((await changing).headers.get('x-config-applied')).toBe('0/0')
    await heard(second, 1)
    server.clock.advance(90_000)
    const silent = await ask('POST', '/services?wait=applied', service, { prefer: 'wait=60' })
    expect(silent.headers.get('x-config-applied')).toBe('0/0')
  })

  it('who does not ask does not wait, and is told the revision', async () => {
    const { heard, ask, service } = await createHarness()
    await heard(first, 1)
    const { headers } = await ask('POST', '/services', service)
    expect([headers.get('x-config-revision'), headers.get('x-config-applied')]).toEqual(['2', null])
  })
})

describe('the preference to wait', () => {
  it.each([
    [undefined, undefined, null],
    ['applied', undefined, { seconds: 10, applied: null }],
    [undefined, 'wait=5', { seconds: 5, applied: 'wait=5' }],
    ['applied', 'respond-async, wait=20', { seconds: 20, applied: 'wait=20' }],
    [undefined, 'wait="7"; x=y, return=minimal', { seconds: 7, applied: 'wait=7' }],
    [undefined, 'wait=100000', { seconds: 60, applied: 'wait=60' }],
    [undefined, 'wait', { seconds: 10, applied: 'wait=10' }],
    [undefined, 'return=minimal, Wait ; x=y', { seconds: 10, applied: 'wait=10' }],
    [undefined, 'wait=soon', null],
    [undefined, 'waiting', null],
    [undefined, 'await=5', null],
    ['applied', 'wait=-1', { seconds: 10, applied: null }],
  ] as const)('%s and Prefer %s', (wait, prefer, expected) => {
    expect(waitPreference(wait, prefer)).toEqual(expected)
  })
})
