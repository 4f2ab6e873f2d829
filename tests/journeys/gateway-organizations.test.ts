import { createService } from '@holdfast/contracts/gateway/services'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { browserOf } from './signed-in.ts'
import { visit } from './visit.ts'

let server: TestServer
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer()
})
afterAll(() => server.stop())

it('who belongs to two organizations chooses whose gateway the pages are about, and a member sees no keys', {
  timeout: 120_000,
}, async () => {
  const [ada, ben] = await Promise.all([server.as('user'), server.as('user')])
  const body = { name: 'Service of Ben', targetUrl: 'http://10.0.0.5:8080' }
  await ben.client.call(createService, { params: { tenantId: ben.tenantId }, query: {}, body })
  await server.database.tenant({ organizationId: ben.tenantId }, async ({ tx }) => {
    const membership = { organization_id: ben.tenantId, user_id: ada.user.id, role: 'member' }
    await tx
      .insertInto('organization_members')
      .values({ ...membership, created_at: server.clock.now().toISOString() })
      .execute()
  })

  const { page } = await browserOf(ada, server.url)
  await visit(page, `${server.url}/gateway/services`)
  await page.getByText('No service yet').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByRole('button', { name: /^Organization: / }).click()
  await page.getByRole('menuitemradio', { name: new RegExp(ben.user.name ?? '') }).click()
  await page.getByRole('cell', { name: 'Service of Ben' }).waitFor()

  await page.reload()
  await page.getByRole('cell', { name: 'Service of Ben' }).waitFor()
  await page.getByRole('link', { name: 'Overview', exact: true }).click()
  await page.getByText('No gateway connected').waitFor()
  await page.getByText('Gateway keys').waitFor({ state: 'detached' })
})
