import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  linkLimits,
  type MetricsEvent,
  type RequestLogEvent,
  type TelemetryBatch,
} from '@holdfast/contracts/gateway/link'
import { createTestClock } from '@holdfast/kernel/clock'
import { createIds } from '@holdfast/kernel/id'
import { silentLogger } from '@holdfast/kernel/logger'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bufferedEventsMax, createShipper } from './shipper.ts'
import { createSpool } from './spool.ts'

const clock = createTestClock()
const ids = createIds(clock)

function logs(count: number, more: Partial<RequestLogEvent> = {}): RequestLogEvent[] {
  return Array.from({ length: count }, () => ({
    id: ids.uuid(),
    at: clock.now().toISOString(),
    routeId: null,
    serviceId: null,
    consumerId: null,
    userId: null,
    method: 'GET',
    path: '/orders',
    statusCode: 200,
    responseTimeMs: 1.5,
    downstreamLatencyMs: 1,
    requestId: 'r',
    clientIp: '203.0.113.7',
    userAgent: null,
    errorCode: null,
    ...more,
  }))
}

async function createHarness(directory?: string) {
  const path = directory ?? mkdtempSync(join(tmpdir(), 'holdfast-telemetry-'))
  if (directory === undefined) onTestFinished(() => rmSync(path, { recursive: true }))
  const sent: TelemetryBatch[] = []
  const line = { up: true }
  const counted: MetricsEvent[] = []
  const spool = createSpool(path, silentLogger)
  const shipper = createShipper({
    spool,
    send: (batch) => line.up && sent.push(batch) > 0,
    metrics: () => counted.splice(0),
    newBootId: ids.uuid,
    clock,
    logger: silentLogger,
  })
  await shipper.start()
  return { path, sent, shipper, spool, line, counted }
}

const idsOf = (batches: readonly TelemetryBatch[]) => batches.flatMap(({ logs }) => logs.map(({ id }) => id))

describe('telemetry', () => {
  it('goes out after 500 ms or with 1,000 events, one batch at a time', async () => {
    const { sent, shipper } = await createHarness()
    shipper.linkOpened()
    shipper.add({ logs: logs(3) })
    expect(sent).toEqual([])
    clock.advance(linkLimits.telemetryBatchIntervalMs)
    expect(sent.map(({ sequence, logs }) => [sequence, logs.length])).toEqual([[1, 3]])
    shipper.add({ logs: logs(1_500) })
    expect(sent.length).toBe(1)
    shipper.acknowledged(1)
    expect(sent.map(({ sequence, logs }) => [sequence, logs.length])).toEqual([
      [1, 3],
      [2, 1_000],
    ])
    clock.advance(linkLimits.telemetryBatchIntervalMs)
    shipper.acknowledged(2)
    expect(sent[2]).toMatchObject({ sequence: 3, dropped: 0 })
    shipper.acknowledged(3)
    expect(shipper.status()).toEqual({ bufferedEvents: 0, droppedEvents: 0, deliveredBatches: 3 })
  })

  it('takes the numbers along with the events of the same time', async () => {
    const { sent, shipper, counted } = await createHarness()
    shipper.linkOpened()
    const event = { at: clock.now().toISOString(), errors: 0, refused: 0, latency: {}, consumers: {} }
    for (const requests of [3, 4]) {
      counted.push({ ...event, requests })
      shipper.add({ logs: logs(requests) })
      clock.advance(linkLimits.telemetryBatchIntervalMs)
      shipper.acknowledged(sent.at(-1)?.sequence ?? 0)
    }
    expect(sent.map(({ logs, metrics }) => [logs.length, metrics.map(({ requests }) => requests)])).toEqual([
      [3, [3]],
      [4, [4]],
    ])
  })

  it('that was not acknowledged is sent again under the same number, with the same events', async () => {
    const { sent, shipper } = await createHarness()
    shipper.linkOpened()
    shipper.add({ logs: logs(1_000) })
    shipper.add({ logs: logs(1_000) })
    shipper.linkClosed()
    shipper.add({ logs: logs(10) })
    shipper.linkOpened()
    expect(sent.map(({ sequence }) => sequence)).toEqual([1, 1])
    expect(sent[1]).toEqual(sent[0])
    shipper.acknowledged(1)
    shipper.acknowledged(2)
    clock.advance(linkLimits.telemetryBatchIntervalMs)
    expect(sent.map(({ sequence }) => sequence)).toEqual([1, 1, 2, 3])
  })

  it('is bounded: the oldest goes first, and the number of what is gone is told once', async () => {
    const { sent, shipper, path } = await createHarness()
    const all = logs(14_000)
    shipper.add({ logs: all })
    expect(shipper.status()).toEqual({ bufferedEvents: 10_000, droppedEvents: 4_000, deliveredBatches: 0 })
    shipper.linkOpened()
    shipper.add({ logs: logs(1) })
    while (shipper.status().bufferedEvents > 0) {
      clock.advance(linkLimits.telemetryBatchIntervalMs)
      shipper.acknowledged(sent.at(-1)?.sequence ?? 0)
    }
    expect(idsOf(sent).slice(0, 10_000)).toEqual(all.slice(4_000).map(({ id }) => id))
    expect(sent.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(4_000)
    expect(bufferedEventsMax).toBe(10_000)
    await shipper.flush(0)
    expect(readdirSync(path).flatMap((boot) => readdirSync(join(path, boot)))).toEqual([])
  })

  it('a crash loses the batch that is being filled and nothing else; the rest comes without doubles', async () => {
    const first = await createHarness()
    const handed = logs(3_400)
    first.shipper.linkOpened()
    first.shipper.add({ logs: handed.slice(0, 1_000) })
    first.shipper.linkClosed()
    first.shipper.add({ logs: handed.slice(1_000) })
    await first.spool.settled()
    // The process dies here: nothing of `first` runs any more.
    const second = await createHarness(first.path)
    expect(second.shipper.bootId()).toBe(first.shipper.bootId())
    second.shipper.linkOpened()
    for (const sequence of [1, 2, 3]) second.shipper.acknowledged(sequence)
    expect(second.sent[0]).toEqual(first.sent[0])
    expect(idsOf(second.sent)).toEqual(handed.slice(0, 3_000).map(({ id }) => id))
    second.shipper.add({ logs: logs(1_000) })
    expect(second.sent.at(-1)?.sequence).toBeGreaterThan(1_000)
    second.shipper.acknowledged(second.sent.at(-1)?.sequence ?? 0)
    await second.spool.settled()
    const third = await createHarness(first.path)
    expect(third.shipper.status().bufferedEvents).toBe(0)
    expect(third.shipper.bootId()).not.toBe(first.shipper.bootId())
  })

  it('a stop hands over everything, and without a control plane leaves it for the next start', async () => {
    const first = await createHarness()
    first.shipper.add({ logs: logs(5) })
    await first.shipper.flush(1_000)
    const second = await createHarness(first.path)
    second.shipper.linkOpened()
    expect(second.sent.map(({ logs }) => logs.length)).toEqual([5])
    const flushed = second.shipper.flush(1_000)
    second.shipper.acknowledged(1)
    await flushed
    expect((await createHarness(first.path)).shipper.status().bufferedEvents).toBe(0)
  })

  it('a batch never outgrows a message, whatever paths and browsers call themselves', async () => {
    const { sent, shipper } = await createHarness()
    shipper.linkOpened()
    shipper.add({ logs: logs(3_000, { path: `/${'"'.repeat(1_999)}`, userAgent: 'é'.repeat(500) }) })
    for (let sequence = 1; sequence <= 10; sequence += 1) {
      clock.advance(linkLimits.telemetryBatchIntervalMs)
      shipper.acknowledged(sequence)
    }
    expect(idsOf(sent).length).toBe(3_000)
    for (const payload of sent) {
      const message = JSON.stringify({ type: 'telemetry', payload })
      expect(Buffer.byteLength(message)).toBeLessThan(linkLimits.messageBytesMax)
    }
  })
})
