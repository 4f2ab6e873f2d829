import { createGroup } from '@holdfast/contracts/identity/groups'
import { getDelivery, listDeliveries, redeliver } from '@holdfast/contracts/platform/webhook-deliveries'
import { createWebhook, testWebhook } from '@holdfast/contracts/platform/webhooks'
import { startReceiver } from '@holdfast/testkit/receiver'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { createRunningServer, type RunningServer, until } from './running-server.ts'

let server: RunningServer
beforeAll(async () => {
  server = await createRunningServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
  await server.start()
})
afterAll(() => server.remove())

it('a server killed in the middle of a retry loses no delivery and doubles none', async () => {
  const receiver = await startReceiver(500)
  onTestFinished(receiver.stop)
  const client = await server.client()
  const { data: webhook } = await client.call(createWebhook, {
    body: { name: 'Killed', url: receiver.url, events: ['group.created'] },
  })
  const params = { id: webhook.id }
  const deliveries = async () => (await client.call(listDeliveries, { params, query: {} })).data

  await client.call(createGroup, { body: { name: 'Retried' } })
  await until(async () => (await deliveries())[0]?.attempts === 1)
  const [{ id: deliveryId } = { id: '' }] = await deliveries()

  // From here on nobody answers: the retry, and the first attempts of the others, are under way when the server dies.
  receiver.answer(() => new Promise<number>(() => {}))
  await client.call(redeliver, { params: { ...params, deliveryId } })
  await until(async () => receiver.received.length === 2)
  const names = Array.from({ length: 10 }, (_, index) => `Group ${index}`)
  for (const name of names) await client.call(createGroup, { body: { name } })
  await server.signal('SIGKILL')

  receiver.answer(200)
  await server.start()
  await until(async () => {
    const all = await deliveries()
    return all.length === names.length + 1 && all.every(({ state }) => state === 'success')
  })

  const all = await deliveries()
  const told = receiver.received.map(({ headers, body }) => ({
    id: String(headers['webhook-id']),
    name: (JSON.parse(body) as { data: { name: string } }).data.name,
  }))
  // Whatever was tried twice has one id, and each event one delivery.
  expect(new Set(told.map(({ id }) => id))).toEqual(new Set(all.map(({ id }) => id)))
  expect(new Set(told.map(({ name }) => name))).toEqual(new Set(['Retried', ...names]))
  expect(new Set(told.map(({ id, name }) => `${id} ${name}`)).size).toBe(names.length + 1)
  const { data: retried } = await client.call(getDelivery, { params: { ...params, deliveryId } })
  expect(retried.history.map(({ status }) => status)).toEqual([200, 500])
  expect((await client.call(testWebhook, { params })).data.success).toBe(true)
}, 120_000)
