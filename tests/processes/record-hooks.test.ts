import { enablePlugin, registerPlugin } from '@holdfast/contracts/platform/plugins'
import { createWebhook } from '@holdfast/contracts/platform/webhooks'
import { startReceiver } from '@holdfast/testkit/receiver'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { createRunningServer, type RunningServer, until } from './running-server.ts'
import { startWriters } from './writers.ts'

let server: RunningServer
beforeAll(async () => {
  server = await createRunningServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
  await server.start()
})
afterAll(() => server.remove())

const path = '/api/killed'

async function storedIds(): Promise<Set<string>> {
  const ids = new Set<string>()
  for (let page = 1; ; page += 1) {
    const response = await fetch(`${server.url}${path}?limit=500&page=${page}`)
    const { data } = (await response.json()) as { data: { id: string }[] }
    for (const { id } of data) ids.add(id)
    if (data.length < 500) return ids
  }
}

/** Which records each distinct delivery has told of. An attempt that was cut off is made again under the same id. */
function toldOf(received: Awaited<ReturnType<typeof startReceiver>>['received']): string[] {
  const byDelivery = new Map(received.map(({ headers, body }) => [headers['webhook-id'], body]))
  return [...byDelivery.values()].flatMap((body) => {
    const { data } = JSON.parse(body) as { data: { ids?: string[]; result?: { id: string } } }
    return data.ids ?? (data.result === undefined ? [] : [data.result.id])
  })
}

it('a server killed while records are written tells webhooks and plugins of each that is there, once', async () => {
  const [webhook, plugin] = [await startReceiver(), await startReceiver()]
  onTestFinished(webhook.stop)
  onTestFinished(plugin.stop)
  const client = await server.client()
  await server.defineEndpoint(path)
  const { data } = await client.call(registerPlugin, {
    body: {
      name: 'Listener',
      version: '1.0.0',
      url: plugin.url,
      hooks: [{ when: 'after', endpoint: path, operations: ['create'] }],
    },
  })
  await client.call(enablePlugin, { params: { id: data.plugin_id } })
  const create = () =>
    fetch(server.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
  // A hook holds a moment after it was asked for.
  await until(async () => (await create()).ok && plugin.received.length > 0)
  const before = await storedIds()
  await client.call(createWebhook, {
    body: { name: 'Listener', url: webhook.url, events: ['record.created'] },
  })

  const writers = startWriters(server.url + path, 4)
  await writers.more(150)
  await server.signal('SIGKILL')
  await server.start()
  await writers.more(20)
  await writers.stop()

  const stored = [...(await storedIds())].filter((id) => !before.has(id)).toSorted()
  expect([...writers.acknowledged].every((id) => stored.includes(id))).toBe(true)
  const later = (ids: string[]) => ids.filter((id) => !before.has(id)).toSorted()
  await until(async () => later(toldOf(webhook.received)).length >= stored.length)
  await until(async () => later(toldOf(plugin.received)).length >= stored.length)
  expect(later(toldOf(webhook.received))).toEqual(stored)
  expect(later(toldOf(plugin.received))).toEqual(stored)
}, 120_000)
