import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listGatewayRoutes } from '@holdfast/contracts/gateway/routes'
import { startTestServer } from '@holdfast/testkit/harness'
import { describe, expect, it, onTestFinished } from 'vitest'
import { applyFile } from './gateway-apply.ts'

const yaml = `
services:
  - name: Shop
    targetUrl: http://127.0.0.1:9000
routes:
  - { method: GET, pathPattern: /shop, service: Shop }
consumers:
  - name: App
`

async function createHarness() {
  const server = await startTestServer()
  onTestFinished(() => server.stop())
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-apply-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const { token, tenantId, client } = await server.as('user')
  async function apply(text: string, yes: boolean, more: { token?: string; tenant?: string } = {}) {
    const file = join(directory, 'gateway.yaml')
    await writeFile(file, text)
    return applyFile({ file, server: server.url, token, yes, ...more })
  }
  const routes = () => client.call(listGatewayRoutes, { params: { tenantId }, query: {} })
  return { server, directory, apply, routes, tenantId }
}

describe('holdfast gateway apply', () => {
  it('shows the differences and changes nothing until somebody says yes; then there are none', async () => {
    const { apply, routes } = await createHarness()
    const shown = await apply(yaml, false)
    expect(shown.exitCode).toBe(2)
    expect(shown.text).toContain('+ service Shop\n+ route GET /shop\n+ consumer App\n')
    expect(await routes()).toEqual([])
    const applied = await apply(yaml, true)
    expect([applied.exitCode, applied.text]).toEqual([
      0,
      expect.stringMatching(/App: gw_[0-9a-f-]+_[0-9a-f]{32}/),
    ])
    expect(await routes()).toMatchObject([{ pathPattern: '/shop' }])
    expect(await apply(yaml, true)).toEqual({ exitCode: 0, text: 'Nothing to do: revision 2 is the same.\n' })
  })

  it('reads JSON as well, and says what an update alters', async () => {
    const { apply } = await createHarness()
    await apply(yaml, true)
    const document = { services: [{ name: 'Shop', targetUrl: 'http://127.0.0.1:9001' }] }
    expect((await apply(JSON.stringify(document), false)).text).toContain('~ service Shop (targets)\n')
  })

  it('says what is wrong, and where', async () => {
    const { apply, server, directory } = await createHarness()
    const unknown = await apply('routes: [{method: GET, pathPattern: /a, service: Nobody}]', true)
    expect([unknown.exitCode, unknown.text]).toEqual([1, expect.stringContaining('body.routes.0.service')])
    expect((await apply('a: [', true)).exitCode).toBe(1)
    expect((await apply('text', true)).text).toContain('holds no document')
    expect((await apply(yaml, true, { token: 'worthless' })).text).toContain('sign in')
    const other = await server.as('user')
    expect((await apply(yaml, true, { tenant: other.tenantId })).text).toContain('no organization')
    const missing = { file: join(directory, 'missing'), server: server.url, token: '', yes: true }
    expect((await applyFile(missing)).text).toContain('ENOENT')
  })
})
