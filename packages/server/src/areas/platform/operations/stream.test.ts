import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'

/** A running operation of a new user, as the operations service would have written it. */
async function createRunning(server: TestServer) {
  const { user, headers } = await server.as('user')
  const id = randomUUID()
  await server.database.pool.query(
    `insert into operations (id, kind, state, target_type, created_by, created_at, updated_at)
     values ($1, 'records.import', 'running', 'endpoint', $2, now(), now())`,
    [id, user.id],
  )
  const change = (set: string) =>
    server.database.pool.query(
      `with changed as (update operations set ${set}, version = version + 1 where id = $1 returning id)
       select pg_notify('holdfast_operations', id::text) from changed`,
      [id],
    )
  const open = async (extra: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}/api/operations/${id}/events`, {
      headers: { ...headers, ...extra },
    })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    /** Reads on until `pattern` has come, or to the end without one (the default matches nothing). */
    const read = async (pattern = /$never/) => {
      while (!pattern.test(text)) {
        const chunk = await reader?.read()
        if (chunk === undefined || chunk.done) break
        text += chunk.value
      }
      return text
    }
    return { contentType: response.headers.get('content-type'), read }
  }
  return { change, open }
}

it('an operation is followed live, resumed after the last event, and its stream ends when it is finished', async () => {
  const server = await startTestServer()
  const { change, open } = await createRunning(server)
  const live = await open()
  expect(live.contentType).toBe('text/event-stream')
  await live.read(/id: 1\n/)
  await change('progress_done = 5')
  expect(await live.read(/id: 2\n.*\n\n/)).toContain('"progress":{"done":5,"total":null}')
  const resumed = await open({ 'last-event-id': '2' })
  await change(`state = 'succeeded', finished_at = now()`)
  expect(await live.read()).toContain('"state":"succeeded"')
  const rest = await resumed.read()
  expect(rest.match(/^id: .*$/gm)).toEqual(['id: 3'])
  await server.stop()
})

it('a stream ends when the server stops', async () => {
  const server = await startTestServer()
  const { open } = await createRunning(server)
  const live = await open()
  await live.read(/id: 1\n/)
  const ended = live.read()
  await server.stop()
  expect(await ended).toContain('"state":"running"')
})
