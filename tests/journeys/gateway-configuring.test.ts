import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { listGatewayRoutes } from '@holdfast/contracts/gateway/routes'
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

it('an OpenAPI document shows what it would change, changes it, and has nothing to change afterwards', {
  timeout: 120_000,
}, async () => {
  const ada = await server.as('user')
  const params = { tenantId: ada.tenantId }
  const routes = () => ada.client.call(listGatewayRoutes, { params, query: {} })
  const document = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: 'http://10.0.0.5:8080' }],
    paths: {
      '/orders': { get: { responses: {} }, post: { responses: {}, security: [{ key: [] }] } },
      '/orders/{id}': { get: { responses: {} } },
    },
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-API-Key' } } },
  })
  const { page } = await browserOf(ada, server.url)
  await visit(page, `${server.url}/gateway/import`)
  const text = page.getByLabel('OpenAPI 3.0 or 3.1, as JSON or YAML')
  await text.fill('openapi: nothing')
  await page.getByRole('button', { name: 'Show the difference' }).click()
  await text.and(page.locator('[aria-invalid=true]')).waitFor()
  await text.fill(document)
  await page.getByRole('button', { name: 'Show the difference' }).click()
  const differences = page.getByRole('list', { name: 'Differences' })
  await differences.getByText('GET /orders/:id').waitFor()
  expect(await differences.getByRole('listitem').count()).toBe(4)
  expect(await routes()).toEqual([])
  expect(await accessibilityFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'Make 4 changes' }).click()
  await page.getByRole('cell', { name: 'POST /orders', exact: true }).waitFor()
  expect(await routes()).toHaveLength(3)

  await visit(page, `${server.url}/gateway/import`)
  await text.fill(document)
  await page.getByRole('button', { name: 'Show the difference' }).click()
  await page.getByText('Nothing: everything in the document is there already.').waitFor()
})

it('an endpoint is published with one click and taken off with another', { timeout: 120_000 }, async () => {
  const admin = await server.as('superAdmin')
  const params = { tenantId: admin.tenantId }
  const routes = () => admin.client.call(listGatewayRoutes, { params, query: {} })
  const { data } = await admin.client.call(createEndpoint, {
    body: { name: 'Read pans', path: '/api/pans', method: 'GET' },
  })
  const { page } = await browserOf(admin, server.url)
  await visit(page, `${server.url}/build/endpoints/${data.id}/settings`)
  await page.getByRole('button', { name: 'Publish through the gateway' }).click()
  await page.getByText('The endpoint is published through the gateway').waitFor()
  expect(await routes()).toMatchObject([{ method: 'GET', pathPattern: '/api/pans', endpointId: data.id }])
  await page.getByRole('link', { name: 'GET /api/pans' }).click()
  await page.getByText('This route publishes').waitFor()

  await visit(page, `${server.url}/build/endpoints/${data.id}/settings`)
  await page.getByRole('button', { name: 'Take off the gateway' }).click()
  await page.getByText('It is not published.').waitFor()
  expect(await routes()).toEqual([])
})
