import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { createGatewayKey } from '@holdfast/contracts/gateway/keys'
import { hashToken, tokenPrefix } from '@holdfast/kernel/crypto/token'
import {
  vouch,
  type VouchedClient,
  vouchedClientHeader,
  vouchingKey,
} from '@holdfast/kernel/crypto/vouched-client'
import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

const inside = { address: '10.1.2.3', host: null }
const outside = { address: '192.0.2.1', host: null }
const path = '/api/products'

/** A tenant that publishes an endpoint of internal addresses and one domain. */
async function createHarness() {
  const harness = await createTenantHarness(['manage_api'])
  const { server } = harness
  const { client } = await server.as('superAdmin')
  const network = { enabled: true, allowedDomains: ['shop.example'], allowedIpRanges: ['10.0.0.0/8'] }
  const body = {
    name: 'Products',
    path,
    method: 'GET',
    accessType: 'public',
    networkAccess: network,
  } as const
  const { id: endpointId } = (await client.call(createEndpoint, { body })).data
  expect((await harness.ask('POST', '/publish', { endpointId })).status).toBe(201)
  const makeKey = async () => {
    const { id, gatewayApiKey } = (await harness.ask('POST', '/keys', { label: 'Gateway' })).body
    return { id: String(id), key: String(gatewayApiKey) }
  }
  /** What a gateway with this key says about a request. */
  const said = (key: string, client: VouchedClient, wanted = path) => {
    const voucher = { keyPrefix: tokenPrefix(key), key: vouchingKey(hashToken(key)) }
    return vouch(voucher, client, { method: 'GET', path: wanted }, server.clock.nowMs())
  }
  const status = async (header: string | null, wanted = path) => {
    const headers = header === null ? {} : { [vouchedClientHeader]: header }
    return (await fetch(server.url + wanted, { headers })).status
  }
  return { ...harness, admin: client, endpointId, makeKey, said, status }
}

describe('a gateway that passes a request on', () => {
  it('is believed about the address and the host of its client', async () => {
    const { makeKey, said, status } = await createHarness()
    const { key } = await makeKey()
    expect(await status(null)).toBe(403)
    expect(await status(said(key, inside))).toBe(200)
    expect(await status(said(key, outside))).toBe(403)
    expect(await status(said(key, { ...outside, host: 'shop.example' }))).toBe(200)
    expect(await status(said(key, { ...outside, host: 'other.example' }))).toBe(403)
  })

  it('is not believed with a key that is not its tenant’s, about another request, or long after', async () => {
    const { makeKey, said, status, server } = await createHarness()
    const { key } = await makeKey()
    const { tenantId, client } = await server.as('user')
    const other = await client.call(createGatewayKey, { params: { tenantId }, body: { label: 'Another' } })
    expect(await status(said(other.gatewayApiKey, inside))).toBe(403)
    expect(await status(said('hfg_nobodyhasthiskeyatall', inside))).toBe(403)
    expect(await status(said(key, inside, '/api/other'))).toBe(403)
    expect(await status(`${said(key, inside)} more`)).toBe(403)
    const old = said(key, inside)
    server.clock.advance(301_000)
    expect(await status(old)).toBe(403)
    expect(await status(said(key, inside))).toBe(200)
  })

  it('is not believed about what its tenant has not published, nor taken for a caller of this machine', async () => {
    const { admin, makeKey, said, status } = await createHarness()
    const { key } = await makeKey()
    const networkAccess = { enabled: true, allowedDomains: [], allowedIpRanges: ['127.0.0.0/8'] }
    const body = { name: 'Costs', path: '/api/costs', method: 'GET', accessType: 'public' } as const
    await admin.call(createEndpoint, { body: { ...body, networkAccess } })
    const here = { address: '127.0.0.1', host: null }
    expect(await status(null, '/api/costs')).toBe(200)
    expect(await status(said(key, here, '/api/costs'), '/api/costs')).toBe(403)
  })

  it('its word ends with its key, and with the publication', async () => {
    const { ask, makeKey, said, status, server, endpointId } = await createHarness()
    const first = await makeKey()
    const second = await makeKey()
    expect(await status(said(first.key, inside))).toBe(200)
    expect((await ask('DELETE', `/keys/${first.id}`)).status).toBe(204)
    server.clock.advance(1_000)
    expect(await status(said(first.key, inside))).toBe(403)
    expect(await status(said(second.key, inside))).toBe(200)
    expect((await ask('DELETE', `/publish/${endpointId}`)).status).toBe(204)
    server.clock.advance(1_000)
    expect(await status(said(second.key, inside))).toBe(403)
  })
})
