import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { superuserName } from '@holdfast/database/managed/initialise'
import { startTestPostgres } from '@holdfast/database/testing'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startStack, stackAdmin } from '@holdfast/testkit/stack'
import { Client } from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { freshBrowser } from './signed-in.ts'
import { signInAt, visit } from './visit.ts'

/** A PostgreSQL that is not the product's, where the product may make roles. */
async function startOutside(): Promise<string> {
  const { address, stop } = await startTestPostgres()
  onTestFinished(stop)
  const client = new Client({ ...address, user: superuserName, database: 'postgres' })
  await client.connect()
  try {
    await client.query('create role shop login createdb createrole')
    await client.query('create database shop owner shop')
  } finally {
    await client.end()
  }
  return `postgres://shop@${encodeURIComponent(address.host)}:${address.port}/shop`
}

/** What somebody reads who has a connection string and nothing else. */
async function read(connectionString: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

it('an administrator opens SQL access, copies the connection once, and closes it again', {
  timeout: 180_000,
}, async () => {
  ensureConsoleBuilt()
  const stack = await startStack({ environment: { DATABASE_URL: await startOutside() } })
  onTestFinished(() => stack.stop())
  const { client } = await stack.signIn(stackAdmin.login, stackAdmin.password)
  await client.call(createEndpoint, {
    body: {
      name: 'Lamps',
      path: '/api/lamps',
      method: 'POST',
      accessType: 'public',
      fields: [{ name: 'title', type: 'string' }],
    },
  })
  await fetch(`${stack.url}/api/lamps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"Desk lamp"}',
  })

  const { page } = await freshBrowser({ viewport: 'desk' })
  await signInAt(page, stack.url)
  await visit(page, `${stack.url}/admin/database`)
  await page.getByRole('link', { name: 'Read with SQL' }).click()
  await page.getByText('Nobody reads records with SQL').waitFor()
  await page.getByText('curl', { exact: false }).first().waitFor()
  expect(await accessibilityFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'Open read-only access' }).click()
  const secret = page.getByRole('region', { name: 'Connection string with the password' }).locator('code')
  const first = await secret.innerText()
  const query = 'select title from records_view.lamps'
  expect(await read(first, query)).toEqual([{ title: 'Desk lamp' }])
  await page.getByText('/api/lamps').waitFor()
  await page.getByText('title text', { exact: false }).waitFor()
  expect(await accessibilityFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'New password' }).click()
  await page.waitForFunction((before) => !document.body.innerText.includes(before), first)
  const second = await secret.innerText()
  expect(await read(second, query)).toEqual([{ title: 'Desk lamp' }])

  // Shown once: it is not there when somebody comes back.
  await visit(page, `${stack.url}/admin/database/sql-access`)
  await page.getByText('Open', { exact: true }).waitFor()
  expect(await secret.count()).toBe(0)

  await page.getByRole('button', { name: 'Close access' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close access' }).click()
  await page.getByText('Nobody reads records with SQL').waitFor()
  await expect(read(second, query)).rejects.toThrow(/does not exist/)
})
