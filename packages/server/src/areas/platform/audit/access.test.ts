import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer } from '@holdfast/testkit/harness'
import { expect, it } from 'vitest'

it('the audit trail is read by administrators, operators and auditors, and by nobody who only reads logs', async () => {
  const server = await startTestServer()
  const ask = createAsk(server.url)
  try {
    const statuses: Record<string, number> = {}
    for (const group of ['superAdmin', 'admin', 'operator', 'auditor', 'manager', 'viewer'] as const) {
      const { headers } = await server.as(group)
      statuses[group] = (await ask('GET', '/api/audit', { headers })).status
    }
    expect(statuses).toEqual({
      superAdmin: 200,
      admin: 200,
      operator: 200,
      auditor: 200,
      manager: 403,
      viewer: 403,
    })
    const { headers } = await server.as(['view_logs'])
    expect((await ask('GET', '/api/audit', { headers })).status).toBe(403)
  } finally {
    await server.stop()
  }
})
