import { exportProject, importProject } from '@holdfast/contracts/builder/project'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRunningServer, type RunningServer } from './running-server.ts'

const recordCount = 10_000
const definitions = {
  version: '1.2',
  endpoints: (['GET', 'POST'] as const).map((method) => ({
    method,
    path: '/api/parts',
    name: `Parts ${method}`,
    accessType: 'public',
    fields: [{ name: 'title', type: 'string' }],
  })),
  cronJobs: [{ name: 'Nightly', schedule: '0 3 * * *', actionType: 'javascript', javascriptCode: '1' }],
}
const lines = [
  JSON.stringify(definitions),
  ...Array.from({ length: recordCount }, (_, index) =>
    JSON.stringify({
      collection: '/api/parts',
      record: { _id: index.toString(16).padStart(24, '0'), title: `Part ${index}` },
    }),
  ),
].join('\n')

let server: RunningServer
beforeEach(async () => {
  server = await createRunningServer()
  await server.start()
})
afterEach(() => server.remove())

const send = async () =>
  (await server.client()).call(
    importProject,
    { query: {}, body: lines },
    { headers: { 'content-type': 'application/x-ndjson' } },
  )
const exported = async () => (await (await server.client()).call(exportProject, { query: {} })).text()

/** Lets time pass that is measured in what the server does, not by a clock. */
async function afterProbes(count: number): Promise<void> {
  for (let probe = 0; probe < count; probe += 1) await fetch(`${server.url}/health`)
}

it('an import that is killed in the middle leaves nothing behind; sent again, it is there once', {
  timeout: 240_000,
}, async () => {
  const seen = [await exported()]
  // Moments somewhere in the import, whichever they are: each must leave all of it or nothing.
  for (const probes of [5, 60]) {
    const cut = send().catch((error: unknown) => error)
    await afterProbes(probes)
    await server.signal('SIGKILL')
    await cut
    await server.start()
    seen.push(await exported())
  }
  const { data } = await send()
  const [records] = data.records
  expect((records?.added ?? 0) + (records?.kept ?? 0)).toBe(recordCount)
  const complete = await exported()
  expect(seen.filter((text) => text !== seen[0] && text !== complete)).toEqual([])
  const answer = await fetch(`${server.url}/api/parts?limit=1`)
  expect(await answer.json()).toMatchObject({ meta: { total: recordCount } })
})
