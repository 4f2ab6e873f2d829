import { listTenants } from '@holdfast/contracts/gateway/tenants'
import { me } from '@holdfast/contracts/identity/auth'
import { setupStatus } from '@holdfast/contracts/identity/setup'
import { expect, test, vi } from 'vitest'

// The console reads where it is mounted from the page around it; this test has none.
vi.stubGlobal('document', { baseURI: 'http://127.0.0.1/' })

test('what is asked before anything is shown goes to the routes of the contract', async () => {
  const { bootPaths } = await import('./session.ts')
  expect(bootPaths).toEqual({ me: me.path, setup: setupStatus.path, organizations: listTenants.path })
})
