import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { getDocument, listDocuments } from '@holdfast/contracts/platform/explorer'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
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

it('the home page draws the week, names what needs attention and describes the machine', {
  timeout,
}, async () => {
  const at = server.clock.now().toISOString()
  await server.database.pool.query(
    `insert into activity_hours (hour, action, source, calls, errors) values ($1, 'api_call', 'direct', 1234, 0)`,
    [at],
  )
  await server.database.pool.query(
    `insert into webhooks (id, name, url, events, enabled, ordered, secret_sealed, header_names, headers_sealed,
      last_status, created_at, updated_at)
     values ('0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e', 'Broken shop', 'https://example.com/hook', '{}', false, false, 's', '{}',
       'h', 'error', $1, $1)`,
    [at],
  )
  const { page } = await browserOf(await server.as('viewer'), server.url)
  await visit(page, server.url)
  const week = page.getByRole('region', { name: 'The last seven days' })
  await week.getByRole('link', { name: 'Broken shop' }).waitFor()
  const requests = week.getByRole('figure').filter({ hasText: 'Requests' }).first()
  await requests.getByText('Show as a table').click()
  await requests.getByRole('cell', { name: /1\.2K/ }).waitFor()
  await page.getByRole('region', { name: 'This machine' }).getByText(process.version).waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
})

it('a document is made, changed and deleted in the explorer, and a mistake is explained', {
  timeout,
}, async () => {
  const admin = await server.as('superAdmin')
  await admin.client.call(createEndpoint, {
    body: {
      name: 'Lamps',
      path: '/api/lamps',
      method: 'POST',
      schema: [{ name: 'title', type: 'string', required: true }],
    },
  })
  const { page } = await browserOf(admin, server.url)
  await visit(page, `${server.url}/admin/database`)
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByRole('row', { name: /Records/ }).click()
  await page.getByRole('link', { name: 'New document' }).click()
  const editor = page.getByRole('textbox', { name: 'Document as JSON' })
  await editor.fill('{ "resourcePath": "/api/lamps", "data": {} }')
  await page.getByRole('button', { name: 'Create document' }).click()
  await page.getByRole('alert').getByText('Field "title" is required').first().waitFor()
  await editor.fill('{ "resourcePath": "/api/lamps", "data": { "title": "Desk" } }')
  await page.getByRole('button', { name: 'Create document' }).click()
  await page.getByText('The document is created').waitFor()

  await page.getByRole('row', { name: /Desk/ }).click()
  await editor.fill('{ "data": { "title": "Floor" } }')
  await whenStill(page)
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Save document' }).click()
  await page.getByRole('row', { name: /Floor/ }).waitFor()
  const params = { name: 'endpointdatas' }
  const { data } = await admin.client.call(listDocuments, { params, query: {} })
  expect(data).toMatchObject([{ resourcePath: '/api/lamps', data: { title: 'Floor' } }])

  await page.getByRole('row', { name: /Floor/ }).click()
  await page.getByRole('button', { name: 'Delete document' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete document' }).click()
  await page.getByText('This collection is empty').waitFor()
  const gone = admin.client.call(getDocument, { params: { ...params, id: data[0]?.id ?? '' } })
  await expect(gone).rejects.toMatchObject({ code: 'database.document_not_found' })
})
