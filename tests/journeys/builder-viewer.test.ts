import { updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { stackAdmin } from '@holdfast/testkit/stack'
import { expect, it } from 'vitest'
import { describeJourney } from './journey.ts'
import { endpointOf, seedShop } from './seed.ts'
import { signInAt, visit } from './visit.ts'

const viewer = { login: 'vera', name: 'Vera Viewer', password: 'a password that only vera has' }

describeJourney('a viewer who may not edit', {}, (at) => {
  it('sees endpoints and records, is offered no change, and is refused one that is made anyway', async () => {
    const { stack, browser } = at()
    const { page } = browser
    const admin = { url: stack.url, ...(await stack.signIn(stackAdmin.login, stackAdmin.password)) }
    const shop = await seedShop(admin)
    const groupIds = await groupsNamed(admin, ['User'])
    const editors = await groupsNamed(admin, ['Editor'])
    const created = await send(admin, 'POST', '/api/users', { ...viewer, groupIds })
    expect(created.status).toBe(201)
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'] as const) {
      await admin.client.call(updateEndpoint, {
        params: { id: endpointOf(shop.products, method).id },
        body: { accessType: 'group', allowedGroupIds: editors },
      })
    }

    await signInAt(page, stack.url, viewer.login, viewer.password)
    await visit(page, `${stack.url}/build`)
    expect(await page.getByText('/api/products').count()).toBeGreaterThan(0)
    expect(await page.getByRole('link', { name: 'New API' }).count()).toBe(0)
    expect(await page.getByRole('switch', { name: 'GET /api/products is on' }).isDisabled()).toBe(true)

    await visit(page, `${stack.url}/build/endpoints/${endpointOf(shop.products, 'POST').id}`)
    expect(await page.getByLabel('Name of the field').first().isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Add field' }).count()).toBe(0)

    await visit(page, `${stack.url}/build/records/${endpointOf(shop.products, 'GET').id}`)
    expect(await page.getByRole('link', { name: /Add\s*record/ }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Export' }).count()).toBe(0)
    const cell = page.locator('[data-cell="0:2"]')
    expect(await cell.innerText()).not.toBe('')
    await cell.dblclick()
    // Nothing to edit in the cell: the record opens, to be read.
    await page.getByText(/can only be read/).waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
    expect(await page.getByRole('dialog').getByLabel('title').isDisabled()).toBe(true)

    const vera = { url: stack.url, ...(await stack.signIn(viewer.login, viewer.password)) }
    const refused = await send(vera, 'PATCH', `/api/products/${shop.recordId}`, { title: 'Changed by Vera' })
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ error: 'Forbidden: insufficient group permissions' })
    const read = await send(admin, 'GET', '/api/products?search=Changed%20by%20Vera')
    expect(await read.json()).toMatchObject({ meta: { total: 0 } })
  })
})

interface Caller {
  url: string
  token: string
}

function send({ url, token }: Caller, method: string, path: string, body?: object): Promise<Response> {
  return fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
}

async function groupsNamed(caller: Caller, names: readonly string[]): Promise<string[]> {
  const answer = (await (await send(caller, 'GET', '/api/groups')).json()) as {
    data: { id: string; name: string }[]
  }
  return answer.data.filter((group) => names.includes(group.name)).map((group) => group.id)
}
