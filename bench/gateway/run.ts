import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { memoryMb, processorSeconds, untilAnswer } from '../lib/processes.ts'
import { measure } from '../lib/wrk.ts'
import { report, type Row, type Sample } from './report.ts'
import {
  type Proxy,
  startCaddy,
  startFastifyProxy,
  startGateway,
  startHaproxy,
  startNginxProxies,
  startSink,
  startUpstream,
  type Surroundings,
} from './servers.ts'

/**
 * The gateway against nginx, Caddy and @fastify/http-proxy, in one run on one machine: each proxy has core 0 to itself while
 * it is measured, wrk, the service and the log sink share core 1. Runs are short and take turns, the median counts. On a machine
 * that does other things as well the rates are those things' too; the processor time for each request is not, and its inverse
 * is the rate that a core of one's own would give.
 *
 *   npm run bench:gateway [-- --quick] [-- --peers] [-- --soak]
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
  },
})
const serverCore = 0
const loadCore = 1
const seconds = options.quick ? 2 : 5
/** Until what is called often has been compiled, also where the proxy has only a part of its core. */
const warmSeconds = 4
const rounds = 3
const connectionCounts = options.quick ? [64] : [1, 64, 256, 1_000]
const manyCount = 10_000
const soakMinutes = 10

if (availableParallelism() < 2)
  throw new Error('The benchmark needs two cores: one for the proxy, one for the load.')

/** Any of the routes, with its consumer's key; the same script for one route, so that the load costs the same. */
const script = (count: number) => `
request = function()
  local number = math.random(0, ${count - 1})
  return wrk.format("GET", "/bench-" .. number, { ["x-api-key"] = "gw_bench_" .. number })
end`
async function load(proxy: Proxy, connections: number, duration: number): Promise<Sample> {
  const before = processorSeconds(proxy.process.pid)
  const result = await measure({
    url: proxy.url,
    connections,
    seconds: duration,
    core: loadCore,
    script: script(proxy.asked ?? 1),
  })
  const usedSeconds = processorSeconds(proxy.process.pid) - before
  return { ...result, processorMicroseconds: (usedSeconds * 1e6) / (result.requestsPerSecond * duration) }
}

/** Each number's own median: one disturbed round spoils none. */
function median(values: readonly Sample[]): Sample {
  const middle = (of: (sample: Sample) => number) =>
    values.map(of).sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
  return {
    requestsPerSecond: middle((sample) => sample.requestsPerSecond),
    p50Ms: middle((sample) => sample.p50Ms),
    p99Ms: middle((sample) => sample.p99Ms),
    processorMicroseconds: middle((sample) => sample.processorMicroseconds),
    failures: values.reduce((sum, { failures }) => sum + failures, 0),
  }
}

async function compare(proxies: readonly Proxy[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const connections of connectionCounts) {
    const results = new Map<Proxy, Sample[]>(proxies.map((proxy) => [proxy, []]))
    for (const proxy of proxies) await load(proxy, connections, warmSeconds)
    for (let round = 0; round < rounds; round += 1) {
      for (const proxy of proxies) results.get(proxy)?.push(await load(proxy, connections, seconds))
    }
    for (const [proxy, values] of results) {
      rows.push({ name: proxy.name, connections, memoryMb: memoryMb(proxy.process.pid), ...median(values) })
    }
  }
  return rows
}

/** Memory under load for ten minutes; flat when the last third is no more than a tenth above the second. */
async function soak(proxy: Proxy): Promise<string> {
  const samples: number[] = []
  for (let turn = 0; turn < soakMinutes * 6; turn += 1) {
    await load(proxy, 64, 10)
    samples.push(memoryMb(proxy.process.pid))
  }
  const third = Math.floor(samples.length / 3)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [middle, last] = [mean(samples.slice(third, 2 * third)), mean(samples.slice(2 * third))]
  const isFlat = last <= middle * 1.1
  return `memory over ${soakMinutes} minutes: ${middle.toFixed(0)} MB, then ${last.toFixed(0)} MB: ${isFlat ? 'reached' : 'MISSED'}`
}

/** A target that is missed fails the run. */
function tell(text: string): void {
  console.log(text)
  if (text.includes('MISSED') || text.includes('FAILED')) process.exitCode = 1
}

const directory = mkdtempSync(join(tmpdir(), 'bench-gateway-'))
const started: { stop(): Promise<void> }[] = []
const keep = <T extends Proxy>(proxy: T): T => {
  started.push(proxy.process)
  return proxy
}
try {
  const upstream = keep(await startUpstream(directory, loadCore))
  const sink = await startSink(loadCore)
  started.push(sink.process)
  await untilAnswer(upstream.url, upstream.process)
  const surroundings: Surroundings = {
    directory,
    upstreamUrl: upstream.url,
    sinkPort: sink.port,
    serverCore,
    loadCore,
  }
  const gateway = keep(await startGateway(surroundings, 1))
  const untilReady = async (proxy: Proxy) => {
    const url = `${proxy.url}/bench-0`
    await untilAnswer(url, proxy.process, { 'x-api-key': 'gw_bench_0' })
  }
  await untilReady(gateway)
  if (options.soak) tell(await soak(gateway))
  else {
    const [plain, duties] = await startNginxProxies(surroundings)
    if (plain === undefined || duties === undefined) throw new Error('nginx was not started.')
    execFileSync('npm', [
      'install',
      '--silent',
      '--no-audit',
      '--prefix',
      directory,
      'fastify@5',
      '@fastify/http-proxy@11',
    ])
    const many = keep(await startGateway(surroundings, manyCount))
    const proxies = [
      gateway,
      many,
      { ...many, name: `${many.name}, one of them asked`, asked: 1 },
      keep(plain),
      duties,
      keep(await startCaddy(surroundings)),
      keep(await startFastifyProxy(surroundings, directory)),
      ...(options.peers ? [keep(await startHaproxy(surroundings))] : []),
    ]
    for (const proxy of proxies) await untilReady(proxy)
    const rows = await compare(proxies)
    tell(report(rows, `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`))
    if (options.peers) console.log('express-gateway: not measured, it does not start on a supported Node')
  }
} finally {
  for (const process of started.reverse()) await process.stop()
  rmSync(directory, { recursive: true, force: true })
}
