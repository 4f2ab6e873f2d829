import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measureBytes } from './bytes.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { startFleets } from './fleets.ts'
import { preciseNowMs } from './messages.ts'

/**
 * How long a revoked key still works: from the 204 to the beginning of the last request that any gateway accepted, while
 * clients of all gateways use the key; and whether any is accepted that begins after all have acknowledged. Control
 * plane, PostgreSQL, gateways and their clients share this machine, so that 100 gateways measure the machine as well.
 *
 *   npm run bench:propagation [-- --quick]
 */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const revocations = options.quick ? 20 : 200
const counts = options.quick ? [1, 10] : [1, 10, 100]
const consumerCounts = options.quick ? [10, 1_000] : [10, 10_000]
/** Of every gateway's client, between two requests: about 1,000 requests a second over all. */
const pauseMs = (gateways: number) => gateways
const target = { gateways: 10, p99Ms: 100 }
/** What one change sends may not grow with what there is: numbers and times in it differ by some digits. */
const changeGrowthMax = 1.1

if (availableParallelism() < 2) throw new Error('The benchmark needs two cores.')

interface Row {
  gateways: number
  /** From the 204 to the last accepted request, one for each revocation without waiting. */
  workedOnMs: number[]
  /** From the request to the 204 that waits for all gateways. */
  acknowledgedMs: number[]
  /** Revocations after whose acknowledgement a request was accepted. */
  acceptedAfterwards: number
  requests: number
}

async function measure(control: ControlPlane, gateways: number): Promise<Row> {
  // A tenant has a bounded number of keys; gateways may share one.
  const key = await control.gatewayKey()
  const fleets = await startFleets(
    control.url,
    Array.from({ length: gateways }, () => key.key),
  )
  const row: Row = { gateways, workedOnMs: [], acknowledgedMs: [], acceptedAfterwards: 0, requests: 0 }
  for (let round = 0; round < revocations * 2; round += 1) {
    const waits = round % 2 === 1
    const victim = await control.createConsumer()
    await fleets.probe(victim.apiKey, pauseMs(gateways))
    const askedMs = preciseNowMs()
    await control.revoke(victim.id, waits)
    const answeredMs = preciseNowMs()
    const { lastAcceptedAtMs, requests } = await fleets.refused()
    row.requests += requests
    if (waits) {
      row.acknowledgedMs.push(answeredMs - askedMs)
      if (lastAcceptedAtMs > answeredMs) row.acceptedAfterwards += 1
    } else row.workedOnMs.push(Math.max(0, lastAcceptedAtMs - answeredMs))
  }
  await fleets.stop()
  await key.revoke()
  return row
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

const control = await startControlPlane(0)
const lines: string[] = []
try {
  await control.configure(10)
  for (const gateways of counts) {
    const row = await measure(control, gateways)
    const p99Ms = percentile(row.workedOnMs, 0.99)
    const isTarget = gateways === target.gateways
    const cells = [
      row.gateways,
      percentile(row.workedOnMs, 0.5).toFixed(1),
      p99Ms.toFixed(1),
      percentile(row.acknowledgedMs, 0.5).toFixed(1),
      percentile(row.acknowledgedMs, 0.99).toFixed(1),
      `${row.acceptedAfterwards} of ${row.acknowledgedMs.length}`,
      row.requests.toLocaleString('en'),
      isTarget ? `${p99Ms < target.p99Ms ? 'reached' : 'MISSED'} (p99 < ${target.p99Ms} ms)` : '',
    ]
    lines.push(`| ${cells.join(' | ')} |`)
    if (row.acceptedAfterwards > 0 || (isTarget && p99Ms >= target.p99Ms)) process.exitCode = 1
  }
  const facts: string[] = []
  const changeBytes: number[] = []
  for (const consumers of consumerCounts) {
    await control.configure(consumers)
    const { snapshot, change } = await measureBytes(control)
    changeBytes.push(change)
    facts.push(
      `${consumers.toLocaleString('en')} consumers: a new gateway is sent ${snapshot.toLocaleString('en')} bytes, one revocation ${change.toLocaleString('en')} bytes`,
    )
  }
  const isProportional = Math.max(...changeBytes) <= Math.min(...changeBytes) * changeGrowthMax
  if (!isProportional) process.exitCode = 1
  console.log(
    [
      `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${revocations} revocations of each kind`,
      '',
      '| gateways | still accepted after the 204: p50 ms | p99 ms | all acknowledged: p50 ms | p99 ms | accepted after acknowledgement | requests | target |',
      '|---|---|---|---|---|---|---|---|',
      ...lines,
      '',
      ...facts,
      `Bytes in proportion to the change, not to the configuration: ${isProportional ? 'reached' : 'MISSED'}`,
    ].join('\n'),
  )
} finally {
  await control.remove()
}
