import { readFile } from 'node:fs/promises'
import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserOf } from './signed-in.ts'
import { visit } from './visit.ts'

let server: TestServer
let admin: TestUser
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer()
  admin = await server.as('superAdmin')
  for (const method of ['GET', 'POST'] as const) {
    await admin.client.call(createEndpoint, {
      body: {
        name: `Lamps ${method}`,
        path: '/api/lamps',
        method,
        fields: [{ name: 'title', type: 'string', required: true, description: 'What it is called.' }],
      },
    })
  }
})
afterAll(() => server.stop())

describe('what other programs need', { timeout: 120_000 }, () => {
  it('an assistant is connected with copied text, and its tools can be looked at', async () => {
    const { page } = await browserOf(admin, server.url)
    await visit(page, `${server.url}/build/mcp`)
    await page.getByText(`claude mcp add --transport http holdfast ${server.url}/api/mcp`).waitFor()
    await page.getByRole('tab', { name: 'Cursor' }).click()
    await page.getByText('"url": ').waitFor()
    await page.getByText('get_api_lamps').waitFor()
    expect(await accessibilityFindings(page)).toEqual([])
    await page.getByPlaceholder('Search tools').fill('post_api_lamps')
    await page.getByText('get_api_lamps').waitFor({ state: 'detached' })
    await page.getByText('post_api_lamps').click()
    await page.getByText('Takes (JSON Schema)').waitFor()
    expect(await accessibilityFindings(page)).toEqual([])
  })

  it('the reference is searched, read and tried', async () => {
    const { page } = await browserOf(admin, server.url)
    await visit(page, `${server.url}/api/swagger`)
    await page.getByRole('heading', { name: 'API reference' }).waitFor()
    await page.getByPlaceholder('Search operations').fill('lamps post')
    await page.getByRole('link', { name: 'Lamps POST' }).click()
    await page.getByRole('heading', { name: 'Lamps POST' }).waitFor()
    await page.getByText('What it is called.').first().waitFor()
    const body = page.getByRole('textbox', { name: 'Body' })
    // The editor may still be on its way: what was written before it came is written again.
    await until(async () => {
      await body.fill('{"title":"Desk lamp"}')
      return (await body.innerText()).trim() === '{"title":"Desk lamp"}'
    })
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('201', { exact: true }).last().waitFor()
    await page.getByText('"title": "Desk lamp"').last().waitFor()
    expect(await accessibilityFindings(page)).toEqual([])
  })

  it('a project is downloaded, changed and brought in after a look at the differences', async () => {
    const { page } = await browserOf(admin, server.url)
    await visit(page, `${server.url}/build/project`)
    expect(await accessibilityFindings(page)).toEqual([])
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download' }).click()
    const text = await readFile(await (await downloading).path(), 'utf8')
    const choose = (name: string, content: string) =>
      page
        .getByLabel('Bundle to import')
        .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) })
    await choose('same.json', text)
    await page.getByText('everything in the file is here already').waitFor()
    await choose(
      'broken.json',
      '{"version":"1.2","endpoints":[{"method":"GET","path":"/api/users","name":"x"}]}',
    )
    await page.getByText('The product itself answers', { exact: false }).first().waitFor()
    await choose('changed.json', text.replaceAll('Lamps GET', 'All lamps'))
    await page.getByText('GET /api/lamps').click()
    await page.getByText('"All lamps"').waitFor()
    expect(await accessibilityFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('Imported.').waitFor()
    await choose('changed.json', text.replaceAll('Lamps GET', 'All lamps'))
    await page.getByText('everything in the file is here already').waitFor()
  })
})
