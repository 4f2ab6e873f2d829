import { listEndpoints } from '@holdfast/contracts/builder/endpoints'
import { exportRecords, importRecords, listImportRefusals } from '@holdfast/contracts/builder/records'
import { getOperation, isFinished } from '@holdfast/contracts/platform/operations'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRunningServer, type RunningServer, until } from './running-server.ts'

const path = '/api/parts'
const rowCount = 20_000
/** Every hundredth line is no record. */
const isBroken = (line: number) => line % 100 === 0
const brokenCount = rowCount / 100
const lines = Array.from({ length: rowCount }, (_, index) =>
  isBroken(index + 1) ? '{"title":' : JSON.stringify({ title: `Part ${index + 1}` }),
)

async function rowsOf<T>(file: { text(): Promise<string> }): Promise<T[]> {
  const text = await file.text()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

let server: RunningServer
beforeEach(async () => {
  server = await createRunningServer()
  await server.start()
})
afterEach(() => server.remove())

it('an import that SIGKILL cuts off goes on behind its last row: none is lost or doubled, and its report is true', {
  timeout: 300_000,
}, async () => {
  await server.defineEndpoint(path)
  const client = await server.client()
  const { data: endpoints } = await client.call(listEndpoints, { query: {} })
  const id = endpoints.find((endpoint) => endpoint.path === path)?.id ?? ''
  const stored = async () => {
    const answer = await fetch(`${server.url}${path}?limit=1`)
    return ((await answer.json()) as { meta: { total: number } }).meta.total
  }
  const { data: started } = await client.call(
    importRecords,
    { params: { id }, body: lines.join('\n') },
    { headers: { 'content-type': 'application/x-ndjson' } },
  )
  await until(async () => (await stored()) > 0)
  await server.signal('SIGKILL')
  await server.start()

  const operation = async () => (await client.call(getOperation, { params: { id: started.id } })).data
  // Otherwise the test would kill too late, and show nothing.
  expect([(await operation()).state, (await stored()) < rowCount - brokenCount]).toEqual(['running', true])
  // Servers give it up for dead after a minute of silence.
  await until(async () => isFinished(await operation()), 150_000)

  const end = await operation()
  expect([end.state, end.result]).toEqual([
    'succeeded',
    expect.objectContaining({ accepted: rowCount - brokenCount, refused: brokenCount }),
  ])
  const exported = await client.call(exportRecords, { params: { id }, query: { format: 'ndjson' } })
  const titles = (await rowsOf<{ title: string }>(exported)).map(({ title }) => title)
  const whole = lines.filter((_, index) => !isBroken(index + 1))
  expect(titles.toSorted()).toEqual(
    whole.map((line) => (JSON.parse(line) as { title: string }).title).toSorted(),
  )
  const importId = String(end.result?.importId)
  const refusals = await client.call(listImportRefusals, { params: { id, importId } })
  expect((await rowsOf<{ line: number }>(refusals)).map(({ line }) => line)).toEqual(
    lines.flatMap((_, index) => (isBroken(index + 1) ? [index + 1] : [])),
  )
})
