import { createHmac } from 'node:crypto'
import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { createGroup, deleteGroup } from '@holdfast/contracts/identity/groups'
import {
  getDelivery,
  listDeliveries,
  redeliver,
  redeliverFailed,
} from '@holdfast/contracts/platform/webhook-deliveries'
import {
  createWebhook,
  deleteWebhook,
  disabledAfterFailingDays,
  enableWebhook,
  getWebhook,
  listWebhookEvents,
  maskedHeaderValue,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
  type WebhookInput,
} from '@holdfast/contracts/platform/webhooks'
import {
  listNotifications,
  readAllNotifications,
  readNotification,
} from '@holdfast/contracts/platform/notifications'
import { updateSettings } from '@holdfast/contracts/platform/settings'
import {
  type ReceivedRequest,
  type Receiver,
  type ReceiverAnswer,
  startReceiver,
} from '@holdfast/testkit/receiver'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

let server: TestServer
let client: Awaited<ReturnType<TestServer['as']>>['client']
let groups = 0
beforeAll(async () => {
  server = await startTestServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
  client = (await server.as('superAdmin')).client
  // The clock of the test stands still, so that the window of the limit never ends.
  await client.call(updateSettings, { body: { rateLimitMax: 1_000_000 } })
})
afterAll(() => server.stop())

async function receiver(how?: number | ReceiverAnswer): Promise<Receiver> {
  const started = await startReceiver(how)
  onTestFinished(started.stop)
  return started
}

/** A webhook for groups, removed when the test is over so that no other test's events reach it. */
async function hook(
  url: string,
  body: {
    events?: WebhookInput['events']
    ordered?: boolean
    customHeaders?: Record<string, string>
    secret?: string
  } = {},
) {
  const { data } = await client.call(createWebhook, {
    body: { name: 'Test', url, events: ['group.created'], ...body },
  })
  onTestFinished(async () => {
    await client.call(deleteWebhook, { params: { id: data.id } }).catch(() => undefined)
  })
  return data
}

/** What the independent implementation signs; its check would look at the real time. */
function standardSignature(by: StandardWebhook, request: ReceivedRequest | undefined): string {
  const { headers, body } = request ?? { headers: {}, body: '' }
  const at = new Date(Number(headers['webhook-timestamp']) * 1000)
  return by.sign(String(headers['webhook-id']), at, body)
}

/** Lets time pass; whoever was signed in has to do it again. */
async function later(durationMs: number): Promise<void> {
  server.clock.advance(durationMs)
  client = (await server.as('superAdmin')).client
}

/** Makes something happen. */
async function happen(name = `Group ${++groups}`) {
  const { data } = await client.call(createGroup, { body: { name } })
  return data
}

const deliveriesOf = async (id: string) =>
  (await client.call(listDeliveries, { params: { id }, query: {} })).data
const webhook = async (id: string) => (await client.call(getWebhook, { params: { id } })).data
const stateIs = (id: string, state: string, count = 1) =>
  until(async () => (await deliveriesOf(id)).filter((one) => one.state === state).length >= count, {
    what: `${count} deliveries in the state ${state}`,
  })
const attemptsAre = (id: string, attempts: number) =>
  until(async () => (await deliveriesOf(id))[0]?.attempts === attempts, { what: `${attempts} attempts` })

/** Lets the last delivery fail until it is given up. */
async function giveUp(id: string) {
  for (let attempt = 1; attempt < 8; attempt += 1) {
    await attemptsAre(id, attempt)
    await later(15 * hourMs)
  }
  await until(async () => (await deliveriesOf(id))[0]?.state === 'failed', {
    what: 'the end of its attempts',
  })
}

describe('a delivery', () => {
  it('says what happened, and is signed as both references and Standard Webhooks have it', async () => {
    const { url, received } = await receiver()
    const { id, secret } = await hook(url, { customHeaders: { Authorization: 'Bearer abc' } })
    const group = await happen()
    await stateIs(id, 'success')
    const [{ headers, body } = { headers: {}, body: '' }] = received
    expect(JSON.parse(body)).toEqual({
      event: 'group.created',
      timestamp: server.clock.now().toISOString(),
      data: { id: group.id, name: group.name },
    })
    const timestamp = String(Math.floor(server.clock.nowMs() / 1000))
    expect(headers['x-webhook-event']).toBe('group.created')
    expect(headers['x-webhook-timestamp']).toBe(timestamp)
    expect(headers.authorization).toBe('Bearer abc')
    expect(headers['x-webhook-signature']).toBe(createHmac('sha256', secret).update(body).digest('hex'))
    expect(headers['x-webhook-signature-256']).toBe(
      `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
    )
    expect(new StandardWebhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      event: 'group.created',
    })
    expect(() => new StandardWebhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow(
      'signature',
    )
    const [delivery] = await deliveriesOf(id)
    expect(headers['webhook-id']).toBe(delivery?.id)
    expect(headers['x-webhook-id']).toBe(delivery?.id)
  })

  it('goes only to webhooks that ask for its event', async () => {
    const { url, received } = await receiver()
    const { id } = await hook(url)
    const group = await happen()
    await client.call(deleteGroup, { params: { id: group.id } })
    await happen()
    await stateIs(id, 'success', 2)
    expect(received.map(({ headers }) => headers['x-webhook-event'])).toEqual([
      'group.created',
      'group.created',
    ])
  })

  it('keeps what was sent and what came back, without the secrets, and cut to 16 KiB', async () => {
    const { url } = await receiver((_, response) => {
      response.writeHead(201, { 'x-answer': 'yes' }).end('y'.repeat(20_000))
      return undefined
    })
    const { id } = await hook(url, { customHeaders: { 'X-Key': 'hidden' } })
    await happen()
    await stateIs(id, 'success')
    const [{ id: deliveryId } = { id: '' }] = await deliveriesOf(id)
    const { data } = await client.call(getDelivery, { params: { id, deliveryId } })
    expect(data.requestBody).toContain('group.created')
    const [attempt] = data.history
    expect(attempt).toMatchObject({ status: 201, truncated: true, error: null })
    expect(attempt?.requestHeaders['X-Key']).toBe(maskedHeaderValue)
    expect(attempt?.responseHeaders?.['x-answer']).toBe('yes')
    expect(attempt?.responseBody).toHaveLength(16_384)
    expect(JSON.stringify(data)).not.toContain('hidden')
  })

  it('that fails is tried again with longer and longer waits for a day, then given up', async () => {
    const { url, received } = await receiver(500)
    const { id } = await hook(url)
    await happen()
    await attemptsAre(id, 1)
    const waits: number[] = []
    for (let attempt = 2; attempt <= 8; attempt += 1) {
      const [delivery] = await deliveriesOf(id)
      const waitMs = Date.parse(delivery?.nextAttemptAt ?? '') - server.clock.nowMs()
      waits.push(waitMs / 1000)
      await later(waitMs)
      await attemptsAre(id, attempt)
    }
    const planned = [30, 120, 600, 3_600, 10_800, 28_800, 43_200]
    expect(waits).toHaveLength(planned.length)
    for (const [place, seconds] of planned.entries()) {
      expect(waits[place]).toBeGreaterThanOrEqual(seconds)
      expect(waits[place]).toBeLessThanOrEqual(seconds * 1.2)
    }
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    const [delivery] = await deliveriesOf(id)
    expect(delivery).toMatchObject({ state: 'failed', attempts: 8, responseStatus: 500, nextAttemptAt: null })
    expect(await webhook(id)).toMatchObject({ health: 'failing', lastStatus: 'error' })
  })

  it('waits as long as the receiver asks', async () => {
    const { url } = await receiver((_, response) => {
      response.writeHead(503, { 'retry-after': '7200' }).end()
      return undefined
    })
    const { id } = await hook(url)
    await happen()
    await attemptsAre(id, 1)
    const [delivery] = await deliveriesOf(id)
    expect(Date.parse(delivery?.nextAttemptAt ?? '') - server.clock.nowMs()).toBe(7_200_000)
  })

  it('does not follow a redirect', async () => {
    const target = await receiver()
    const { url } = await receiver((_, response) => {
      response.writeHead(307, { location: target.url }).end()
      return undefined
    })
    const { id } = await hook(url)
    await happen()
    await attemptsAre(id, 1)
    expect((await deliveriesOf(id))[0]).toMatchObject({ state: 'pending', responseStatus: 307 })
    expect(target.received).toEqual([])
  })

  it('a receiver that never answers delays nobody else', async () => {
    const silent = await receiver(() => new Promise<number>(() => {}))
    const quick = await receiver()
    const slow = await hook(silent.url)
    const { id } = await hook(quick.url)
    for (let count = 0; count < 40; count += 1) await happen()
    await stateIs(id, 'success', 40)
    expect(silent.received.length).toBeGreaterThan(0)
    expect((await deliveriesOf(slow.id)).every(({ state }) => state === 'pending')).toBe(true)
  })
})

describe('an ordered webhook', () => {
  it('gets events one at a time, in their order, and later ones wait for one that fails', async () => {
    const answers = [500]
    const { url, received } = await receiver(() => answers.shift() ?? 200)
    const { id } = await hook(url, { ordered: true })
    const names = ['first', 'second', 'third'].map((name) => `${name} ${++groups}`)
    for (const name of names) await happen(name)
    await until(async () => (await deliveriesOf(id)).length === 3 && received.length === 1)
    await until(async () => (await deliveriesOf(id)).at(-1)?.attempts === 1)
    expect((await deliveriesOf(id)).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['pending', 0],
      ['pending', 0],
      ['pending', 1],
    ])
    await later(40_000)
    await stateIs(id, 'success', 3)
    const told = received.map(({ body }) => (JSON.parse(body) as { data: { name: string } }).data.name)
    expect(told).toEqual([names[0], ...names])
  })
})

describe('the secret', () => {
  it('rotates with an overlap: both sign until it ends, then only the new one', async () => {
    const { url, received } = await receiver()
    const { id, secret } = await hook(url)
    const { data } = await client.call(rotateWebhookSecret, { params: { id }, body: { overlapHours: 2 } })
    await happen()
    await stateIs(id, 'success')
    const [{ headers, body } = { headers: {}, body: '' }] = received
    for (const one of [secret, data.secret])
      expect(headers['webhook-signature']).toContain(standardSignature(new StandardWebhook(one), received[0]))
    expect(headers['x-webhook-signature']).toBe(createHmac('sha256', data.secret).update(body).digest('hex'))
    expect(headers['x-webhook-signature-previous']).toBe(
      createHmac('sha256', secret).update(body).digest('hex'),
    )
    await later(2 * hourMs)
    await happen()
    await stateIs(id, 'success', 2)
    const afterwards = received[1]
    expect(afterwards?.headers['webhook-signature']).not.toContain(' ')
    expect(afterwards?.headers['x-webhook-signature-previous']).toBeUndefined()
  })

  it('of a person signs as it is, and is never shown again', async () => {
    const { url, received } = await receiver()
    const chosen = 'a secret of my own choosing'.replaceAll(' ', '-')
    const { id } = await hook(url, { secret: chosen, customHeaders: { 'X-A': 'value-of-a' } })
    await happen()
    await stateIs(id, 'success')
    const headers = received[0]?.headers ?? {}
    expect(headers['webhook-signature']).toBe(
      standardSignature(new StandardWebhook(chosen, { format: 'raw' }), received[0]),
    )
    const shown = JSON.stringify(await webhook(id))
    expect(shown).not.toContain(chosen)
    expect(shown).not.toContain('value-of-a')
    const { rows } = await server.database.pool.query(
      `select secret_sealed, headers_sealed from webhooks where id = $1`,
      [id],
    )
    expect(JSON.stringify(rows)).not.toMatch(/choosing|value-of-a/)
  })

  it('a masked header that is sent back keeps its value', async () => {
    const { url, received } = await receiver()
    const { id } = await hook(url, { customHeaders: { 'X-A': 'kept', 'X-B': 'dropped' } })
    const { data } = await client.call(updateWebhook, {
      params: { id },
      body: { customHeaders: { 'X-A': maskedHeaderValue, 'X-C': 'new' } },
    })
    expect(Object.keys(data.customHeaders)).toEqual(['X-A', 'X-C'])
    await happen()
    await stateIs(id, 'success')
    expect(received[0]?.headers).toMatchObject({ 'x-a': 'kept', 'x-c': 'new' })
    expect(received[0]?.headers['x-b']).toBeUndefined()
  })
})

describe('disabling', () => {
  it('410 disables at once and tells those who manage webhooks', async () => {
    const { url } = await receiver(410)
    const { id } = await hook(url)
    const reader = await server.as(['manage_api'])
    const outsider = await server.as(['view'])
    await happen()
    await until(async () => !(await webhook(id)).enabled)
    expect(await webhook(id)).toMatchObject({ health: 'disabled', disabledReason: 'gone' })
    const told = await reader.client.call(listNotifications, { query: { unread: 'true' } })
    const mine = told.data.find(({ link }) => link === `/admin/webhooks/${id}`)
    expect(mine).toMatchObject({ kind: 'webhook.disabled', isRead: false })
    expect(told.meta.unread).toBe(told.data.length)
    expect((await outsider.client.call(listNotifications, { query: {} })).data).toEqual([])
    await reader.client.call(readNotification, { params: { id: mine?.id ?? '' } })
    await reader.client.call(readAllNotifications, {})
    expect((await reader.client.call(listNotifications, { query: {} })).meta.unread).toBe(0)
  })

  it('days without a success disable; what failed can be sent again after enabling', async () => {
    const { url, answer, received } = await receiver(500)
    const { id } = await hook(url)
    await happen()
    await giveUp(id)
    await later(disabledAfterFailingDays * dayMs)
    await happen()
    await giveUp(id)
    await until(async () => !(await webhook(id)).enabled)
    expect((await webhook(id)).disabledReason).toBe('failing')
    const witness = await receiver()
    await hook(witness.url)
    await happen()
    await until(() => witness.received.length === 1)
    answer(200)
    await expect(client.call(redeliverFailed, { params: { id }, body: {} })).rejects.toMatchObject({
      code: 'webhooks.disabled',
    })
    await client.call(enableWebhook, { params: { id } })
    const before = received.length
    expect((await client.call(redeliverFailed, { params: { id }, body: {} })).data.redelivered).toBe(2)
    await stateIs(id, 'success', 2)
    expect(received.length).toBe(before + 2)
    expect(await webhook(id)).toMatchObject({ health: 'healthy', failingSince: null })
    // What happened while it was disabled was not kept for it.
    expect(await deliveriesOf(id)).toHaveLength(2)
  })

  it('one failure after a quiet week that followed a bad day does not', async () => {
    const { url, answer } = await receiver(500)
    const { id } = await hook(url)
    await happen()
    await giveUp(id)
    await later(7 * dayMs)
    await happen()
    await attemptsAre(id, 1)
    answer(200)
    await later(40_000)
    await stateIs(id, 'success')
    expect(await webhook(id)).toMatchObject({ enabled: true, failingSince: null })
  })

  it('a success ends the count of failing days', async () => {
    const { url, answer } = await receiver(500)
    const { id } = await hook(url)
    await happen()
    await attemptsAre(id, 1)
    expect((await webhook(id)).failingSince).not.toBeNull()
    answer(200)
    await later(40_000)
    await stateIs(id, 'success')
    expect((await webhook(id)).failingSince).toBeNull()
  })
})

describe('asking by hand', () => {
  it('a test is sent once, and answers what came back', async () => {
    const { url, answer, received } = await receiver()
    const { id } = await hook(url)
    expect((await client.call(testWebhook, { params: { id } })).data).toMatchObject({
      success: true,
      status: 200,
      error: null,
    })
    answer(404)
    const { data } = await client.call(testWebhook, { params: { id } })
    expect(data).toMatchObject({ success: false, status: 404 })
    expect(received.map(({ headers }) => headers['x-webhook-event'])).toEqual([
      'webhook.test',
      'webhook.test',
    ])
    expect((await deliveriesOf(id)).map(({ isTest, state }) => [isTest, state])).toEqual([
      [true, 'failed'],
      [true, 'success'],
    ])
    expect(await webhook(id)).toMatchObject({ health: 'healthy', lastStatus: 'error' })
  })

  it('a delivery that is sent again keeps its id and its row', async () => {
    const { url, received } = await receiver()
    const { id } = await hook(url)
    await happen()
    await stateIs(id, 'success')
    const [{ id: deliveryId } = { id: '' }] = await deliveriesOf(id)
    await client.call(redeliver, { params: { id, deliveryId } })
    await until(() => received.length === 2)
    await stateIs(id, 'success')
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([deliveryId]))
    expect(await deliveriesOf(id)).toHaveLength(1)
    const { data } = await client.call(getDelivery, { params: { id, deliveryId } })
    expect(data.history).toHaveLength(2)
  })

  it('the log is read page by page, and by state and event', async () => {
    const { url } = await receiver()
    const { id } = await hook(url)
    for (let count = 0; count < 5; count += 1) await happen()
    await stateIs(id, 'success', 5)
    const first = await client.call(listDeliveries, { params: { id }, query: { limit: 3 } })
    const second = await client.call(listDeliveries, {
      params: { id },
      query: { limit: 3, cursor: first.next_cursor ?? '' },
    })
    expect([first.data.length, second.data.length, second.next_cursor]).toEqual([3, 2, null])
    expect(new Set([...first.data, ...second.data].map((one) => one.id)).size).toBe(5)
    expect((await client.call(listDeliveries, { params: { id }, query: { state: 'failed' } })).data).toEqual(
      [],
    )
    expect(
      (await client.call(listDeliveries, { params: { id }, query: { event: 'group.created' } })).data,
    ).toHaveLength(5)
  })
})

describe('what is refused', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.8/',
    'http://[::1]:9/',
    'http://0x7f000002/',
    'ftp://example.com/',
    'http://user:password@example.com/',
  ])('the address %s', async (url) => {
    const body = { name: 'Bad', url, events: ['*' as const] }
    await expect(client.call(createWebhook, { body })).rejects.toMatchObject({
      code: 'webhooks.address_refused',
      status: 400,
    })
  })

  it.each(['Host', 'Content-Length', 'X-Webhook-Signature', 'webhook-id'])('the header %s', async (name) => {
    const { url } = await receiver()
    const body = { name: 'Bad', url, events: ['*' as const], customHeaders: { [name]: 'x' } }
    await expect(client.call(createWebhook, { body })).rejects.toMatchObject({ status: 400 })
  })

  it('an event that does not exist', async () => {
    const { url } = await receiver()
    const body = { name: 'Bad', url, events: ['group.exploded' as '*'] }
    await expect(client.call(createWebhook, { body })).rejects.toMatchObject({ status: 400 })
    const { data } = await client.call(listWebhookEvents, {})
    expect(data.find(({ name }) => name === 'endpoint.called')?.frequent).toBe(true)
    expect(data.find(({ name }) => name === 'group.created')?.frequent).toBe(false)
  })
})

describe('calls of endpoints', () => {
  it('are told to who asks for them by name, many at once as one, and cost nothing before', async () => {
    await client.call(createEndpoint, {
      body: { name: 'Called', path: '/api/called-often', method: 'GET', accessType: 'public' },
    })
    const ask = async (path: string) => (await fetch(`${server.url}${path}`)).arrayBuffer()
    const { url, received } = await receiver()
    const everything = await receiver()
    await hook(everything.url, { events: ['*'] })
    const { id } = await hook(url, { events: ['endpoint.called', 'api.error'] })
    await until(async () => {
      await ask('/api/called-often/000000000000000000000000')
      server.clock.advance(1_000)
      return received.length >= 2
    })
    const told = received.map(
      ({ body }) => JSON.parse(body) as { event: string; data: Record<string, unknown> },
    )
    expect(told.map(({ event }) => event)).toEqual(expect.arrayContaining(['endpoint.called', 'api.error']))
    expect(told[0]?.data).toMatchObject({ statusCode: 404, method: 'GET', calls: 1 })
    for (let count = 0; count < 300; count += 1) await ask('/api/called-often')
    const before = (await deliveriesOf(id)).length
    server.clock.advance(1_000)
    await until(
      async () =>
        (await deliveriesOf(id)).length > before &&
        (await deliveriesOf(id)).every(({ state }) => state === 'success'),
    )
    const calls = received
      .map(({ body }) => JSON.parse(body) as { event: string; data: { calls: number; statusCode: number } })
      .filter(({ event, data }) => event === 'endpoint.called' && data.statusCode === 200)
      .map(({ data }) => data.calls)
    expect(calls.reduce((sum, one) => sum + one, 0)).toBe(300)
    expect(calls.length).toBeLessThanOrEqual(101)
    expect(everything.received.map(({ headers }) => headers['x-webhook-event'])).not.toContain(
      'endpoint.called',
    )
  })
})

it('two servers deliver each event once', async () => {
  const second = await server.replica()
  onTestFinished(second.stop)
  const { url, received } = await receiver()
  const { id } = await hook(url)
  for (let count = 0; count < 60; count += 1) await happen()
  await until(
    async () =>
      (
        await server.database.pool.query(
          `select from webhook_deliveries where webhook_id = $1 and state = 'success'`,
          [id],
        )
      ).rowCount === 60,
  )
  const ids = received.map(({ headers }) => headers['webhook-id'])
  expect(ids).toHaveLength(60)
  expect(new Set(ids).size).toBe(60)
  const { rows } = await server.database.pool.query<{ success: number }>(
    `select sum(success_count)::int as success from webhook_days where webhook_id = $1`,
    [id],
  )
  expect(rows[0]?.success).toBe(60)
})
