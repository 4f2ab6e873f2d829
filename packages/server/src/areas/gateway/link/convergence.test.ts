import { createConsumer, patchConsumer, revokeConsumer } from '@holdfast/contracts/gateway/consumers'
import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { createGatewayKey } from '@holdfast/contracts/gateway/keys'
import { type Client, createClient } from '@holdfast/contracts/kit/client'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checksumOf, createModelGateway, type Wire } from './fixtures.ts'

/** What happens between two looks: changes at either replica, and what becomes of the messages about them. */
const steps = fc.array(
  fc.record({
    change: fc.constantFrom('create', 'change', 'revoke', 'nothing'),
    replica: fc.constantFrom(0, 1),
    wire: fc.constantFrom<Wire>('deliver', 'deliver', 'cut', 'twice', 'truncate', 'swap'),
    /** The gateway is gone for this change, or starts without its disk. */
    away: fc.constantFrom('no', 'no', 'no', 'away', 'forgets'),
    /** Looked at before the next step, or together with it. */
    settle: fc.boolean(),
  }),
  { minLength: 3, maxLength: 14 },
)

describe('a gateway behind a bad wire', () => {
  let server: TestServer
  let replica: Awaited<ReturnType<TestServer['replica']>>
  beforeAll(async () => {
    server = await startTestServer()
    replica = await server.replica()
  })
  afterAll(async () => {
    await replica.stop()
    await server.stop()
  })

  it('converges, whatever was cut, doubled, shortened or swapped, and never holds what was no revision', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const owner = await server.as('user')
        const params = { tenantId: owner.tenantId }
        const clients: Client[] = [owner.client, clientAt(replica.url, owner.headers)]
        const { gatewayApiKey: apiKey } = await owner.client.call(createGatewayKey, {
          params,
          body: { label: 'Berlin' },
        })
        let fate: Wire = 'deliver'
        const gateway = createModelGateway({
          url: history.length % 2 === 0 ? server.url : replica.url,
          apiKey,
          wire: () => {
            const next = fate
            fate = 'deliver'
            return next
          },
        })
        const truth = () =>
          server.database.tenant({ organizationId: params.tenantId }, ({ tx }) =>
            tx.selectFrom('gateway_configs').select(['revision', 'checksum']).executeTakeFirstOrThrow(),
          )
        const settled = async () => {
          if (gateway.closed() !== null) await gateway.connect()
          else gateway.deliverLate()
          const { revision, checksum } = await truth()
          return gateway.held()?.revision === revision && gateway.held()?.checksum === checksum
        }

        await gateway.connect()
        await until(settled)
        const consumers: string[] = []
        /** The checksum of every revision there was: what a gateway holds must be one of them. */
        const known = new Map<number, string>()
        const remember = async () => {
          const { revision, checksum } = await truth()
          known.set(revision, checksum)
        }
        await remember()
        for (const step of history) {
          if (step.away !== 'no') gateway.disconnect()
          if (step.away === 'forgets') gateway.forget()
          fate = step.wire
          await apply(clients[step.replica] ?? owner.client, params, step.change, consumers)
          await remember()
          if (step.away !== 'no') await gateway.connect()
          if (step.settle) await until(settled, { what: `step ${JSON.stringify(step)} to settle` })
        }
        fate = 'deliver'
        await apply(owner.client, params, 'create', consumers)
        await remember()
        await until(settled, { what: 'the last revision' })
        const held = gateway.held()
        expect(checksumOf(held?.entities.values() ?? [])).toBe(held?.checksum)
        for (const { revision, checksum } of gateway.revisions) expect(known.get(revision)).toBe(checksum)
        await until(async () => {
          const { gateways, revision } = await owner.client.call(getGatewayStatus, { params })
          return gateways[0]?.appliedRevision === revision
        })
        gateway.disconnect()
      }),
      { numRuns: 25, endOnFailure: true },
    )
  }, 120_000)
})

async function apply(
  client: Client,
  tenant: { tenantId: string },
  change: 'create' | 'change' | 'revoke' | 'nothing',
  consumers: string[],
): Promise<void> {
  const [first] = consumers
  const query = {}
  if (change === 'create' || (change !== 'nothing' && first === undefined)) {
    const body = { name: `Consumer ${consumers.length}` }
    consumers.push((await client.call(createConsumer, { params: tenant, query, body })).id)
  } else if (change === 'change' && first !== undefined) {
    const body = { name: `Renamed ${crypto.randomUUID()}` }
    await client.call(patchConsumer, { params: { ...tenant, id: first }, query, body })
  } else if (change === 'revoke' && first !== undefined) {
    await client.call(revokeConsumer, { params: { ...tenant, id: first }, query })
    consumers.shift()
  }
}

function clientAt(baseUrl: string, headers: { authorization: string }): Client {
  return createClient({ baseUrl, headers: () => headers })
}
