import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stackAdmin } from '@holdfast/testkit/stack'
import { expect, it, onTestFinished } from 'vitest'
import { describeJourney } from './journey.ts'
import { createApi, endpointOf } from './seed.ts'
import { signInAt, visit, whenStill } from './visit.ts'

const rows = 50_000
/** Every so many rows one has no name, which the schema wants. */
const badEvery = 10_000
const bad = rows / badEvery

describeJourney('an import of 50,000 rows', {}, (at) => {
  it('shows its progress, stores every good row, and hands over those it refused', async () => {
    const { stack, browser } = at()
    const { page } = browser
    const admin = { url: stack.url, ...(await stack.signIn(stackAdmin.login, stackAdmin.password)) }
    const people = await createApi(admin, 'person', '/api/people', [
      { name: 'name', type: 'string', required: true },
      { name: 'age', type: 'number' },
    ])
    await signInAt(page, stack.url)
    await visit(page, `${stack.url}/build/records/${endpointOf(people, 'GET').id}/import`)
    await page.getByLabel('File to import').setInputFiles(peopleFile())
    await page.getByRole('region', { name: 'Importing records' }).waitFor()
    // The operation is in the address: a reload in the middle goes on showing it.
    await page.reload()
    await page.getByText(`49,995 records imported; ${bad} rows refused.`).waitFor({ timeout: 120_000 })

    const [report] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: `Download the ${bad} refused` }).click(),
    ])
    let text = ''
    for await (const chunk of await report.createReadStream()) text += chunk
    const refused = text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(refused).toHaveLength(bad)
    expect(refused[0]).toMatchObject({ message: expect.stringContaining('"name" is required') })

    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('100 of 49,995 records').waitFor()
    await whenStill(page)
    const list = await fetch(`${stack.url}/api/people?limit=1`, {
      headers: { authorization: `Bearer ${admin.token}` },
    })
    expect(await list.json()).toMatchObject({ meta: { total: rows - bad } })
  }, 240_000)
})

function peopleFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-import-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'people.csv')
  const lines = Array.from({ length: rows }, (_, index) =>
    (index + 1) % badEvery === 0 ? `,${index % 90}` : `Person ${index},${index % 90}`,
  )
  writeFileSync(path, `name,age\n${lines.join('\n')}\n`)
  return path
}
