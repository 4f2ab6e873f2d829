import { listErrors } from '@holdfast/contracts/gateway/analytics'
import { describe, expect, it } from 'vitest'
import { useReporting } from '../telemetry/fixtures.ts'

describe('errors of gateways', () => {
  const { server, tenant, at, failure, stored } = useReporting()

  it('errors are an inbox: open until somebody says that they are dealt with', async () => {
    const mine = await tenant()
    const [one, two] = [failure({ at: at(5) }), failure()]
    mine.gateway.report({ sequence: 1, errors: [one, two] })
    await stored(mine.gateway, 1)
    const listed = async (resolved?: 'true' | 'false') =>
      (await mine.client.call(listErrors, { params: mine.params, query: { resolved } })).map(({ id }) => id)
    expect(await listed()).toEqual([two.id, one.id])
    const answer = await fetch(`${server().url}/api/tenants/${mine.params.tenantId}/errors/${one.id}`, {
      method: 'PATCH',
      headers: { ...mine.headers, 'content-type': 'application/json' },
      body: '{"resolved":true}',
    })
    expect(answer.status).toBe(204)
    expect(await listed('false')).toEqual([two.id])
    expect(await listed('true')).toEqual([one.id])
  })
})
