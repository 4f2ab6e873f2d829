import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer } from '@holdfast/testkit/harness'
import { expect, it } from 'vitest'

it('a list without a limit has pages of the size that the settings say, and a limit goes before them', async () => {
  const server = await startTestServer()
  const ask = createAsk(server.url)
  try {
    const { headers } = await server.as('superAdmin')
    const body = { usersPerPage: 7, endpointsPerPage: 8, logsPerPage: 9 }
    expect((await ask('PUT', '/api/settings', { headers, body })).status).toBe(200)
    const limitOf = async (path: string) => (await ask('GET', path, { headers })).body.meta.limit
    const lists = ['/api/users', '/api/endpoints', '/api/dashboard/logs']
    expect(await Promise.all(lists.map(limitOf))).toEqual([7, 8, 9])
    expect(await Promise.all(lists.map((path) => limitOf(`${path}?limit=3`)))).toEqual([3, 3, 3])
    expect((await ask('GET', '/api/endpoints', { headers })).body.data).toHaveLength(8)
  } finally {
    await server.stop()
  }
})
