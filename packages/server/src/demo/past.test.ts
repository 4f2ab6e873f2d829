import { silentLogger } from '@holdfast/kernel/logger'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer } from '@holdfast/testkit/harness'
import { expect, it, onTestFinished } from 'vitest'
import { writePast } from './past.ts'

it('the week before the demo shows in the charts, and a log with a past of its own is left alone', async () => {
  const server = await startTestServer()
  onTestFinished(server.stop)
  const { headers } = await server.as('superAdmin')
  const ask = createAsk(server.url)
  for (const method of ['GET', 'POST'])
    await ask('POST', '/api/endpoints', { body: { name: method, path: '/api/things', method }, headers })
  const needs = { database: server.database, logger: silentLogger }
  const now = server.clock.now()
  const written = await writePast(needs, now)
  expect(written).toBeGreaterThan(2_000)

  const { body } = await ask('GET', '/api/dashboard/stats', { headers })
  const counts: number[] = body.data.requestsOverTime.map(({ count }: { count: number }) => count)
  expect(counts).toHaveLength(7)
  expect(Math.min(...counts)).toBeGreaterThan(0)
  expect(body.data.requests).toBeGreaterThan(1_000)
  expect(body.data.errors / body.data.requests).toBeLessThan(0.1)
  const { rows } = await server.database.pool.query<{ count: number; newest: Date }>(
    'select count(*), max(created_at) as newest from activity where created_at < $1',
    [now],
  )
  expect(rows[0]?.count).toBeGreaterThanOrEqual(written)
  expect(await writePast(needs, now)).toBe(0)
})
