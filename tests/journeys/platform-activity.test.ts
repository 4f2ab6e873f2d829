import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { browserOf } from './signed-in.ts'
import { visit, whenStill } from './visit.ts'

let server: TestServer
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer()
})
afterAll(() => server.stop())

const timeout = 90_000

it('a row of the activity log opens with all that is known of it, and narrows the list to its user and endpoint', {
  timeout,
}, async () => {
  const admin = await server.as('superAdmin')
  const person = await server.as('viewer')
  const body = { name: 'Lamps', path: '/api/lamps', method: 'GET', accessType: 'authenticated' } as const
  const { data: endpoint } = await admin.client.call(createEndpoint, { body })
  const headers = { ...person.headers, 'user-agent': 'Kiosk 7', 'x-request-id': 'request-of-the-kiosk' }
  await fetch(`${server.url}/api/lamps`, { headers })
  await fetch(`${server.url}/api/lamps`, { headers: { ...admin.headers, 'user-agent': 'Elsewhere' } })
  await server.platform.activity.flush()

  const { page } = await browserOf(admin, server.url)
  await visit(page, `${server.url}/admin/activity?search=kiosk`)
  await page.getByRole('row', { name: /GET \/api\/lamps 200/ }).click()
  const drawer = page.getByRole('dialog', { name: 'API call' })
  for (const text of ['Kiosk 7', 'request-of-the-kiosk', endpoint.id, person.user.login, '127.0.0.1'])
    await drawer.getByText(text, { exact: true }).waitFor()
  await whenStill(page)
  expect(await accessibilityFindings(page)).toEqual([])

  // It has an address of its own.
  await page.reload()
  await drawer.getByText('request-of-the-kiosk').waitFor()
  await drawer.getByRole('button', { name: 'Only this endpoint' }).click()
  await until(async () => (await page.getByRole('row', { name: /GET \/api\/lamps 200/ }).count()) === 2)
  expect(new URL(page.url()).searchParams.get('endpointId')).toBe(endpoint.id)

  await page.getByRole('combobox', { name: 'User' }).fill(person.user.login)
  await page.getByRole('option', { name: person.user.login }).click()
  await until(async () => (await page.getByRole('row', { name: /GET \/api\/lamps 200/ }).count()) === 1)
  expect(new URL(page.url()).searchParams.get('userId')).toBe(person.user.id)
  await whenStill(page)
  expect(await accessibilityFindings(page)).toEqual([])
})
