import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { freePort, memoryMb, startPinned, untilAnswer } from '../lib/processes.ts'
import { type Load, type Measurement, measure } from '../lib/wrk.ts'
import { startStrapi } from './peers/strapi.ts'
import { product, startProduct } from './product.ts'
import { type Fact, measured, report, type Row, slowdown } from './report.ts'

/**
 * Records against their limit, in one run on one machine: server and PostgreSQL share core 0, wrk has core 1. Absolute
 * numbers drift with the machine; the ratios to the bare Fastify hello of the same run are what counts.
 *
 *   npm run bench:builder [-- --quick] [-- --peers]
 *
 * `--peers` measures Strapi too, on the same core with a PostgreSQL of its own; it is installed on the first use. Its
 * records are created one by one over HTTP, which is why it has 10,000 of them (1,000 with --quick).
 */
const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, peers: { type: 'boolean', default: false } },
})
const serverCore = 0
const loadCore = 1
const seconds = options.quick ? 2 : 8
const connectionCounts = options.quick ? [64] : [1, 64, 256]
const sizes = options.quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]

if (availableParallelism() < 2)
  throw new Error('The benchmark needs two cores: one for the server, one for the load.')

const rows: Row[] = []
async function run(
  name: string,
  load: Omit<Load, 'seconds' | 'core' | 'connections'>,
  connections: number,
): Promise<Measurement> {
  // A moment of load first: compiled code, warm caches, prepared statements.
  await measure({ ...load, connections, seconds: 1, core: loadCore })
  const result = await measure({ ...load, connections, seconds, core: loadCore })
  rows.push({ name, connections, ...result })
  return result
}

async function measureHello(): Promise<void> {
  const port = await freePort()
  const hello = startPinned(serverCore, [process.execPath, `${import.meta.dirname}/hello.ts`, String(port)])
  const url = `http://127.0.0.1:${port}/hello`
  await untilAnswer(url, hello)
  for (const connections of connectionCounts) await run('hello (the limit)', { url }, connections)
  await hello.stop()
}

const randomIds = (ids: readonly string[], path: string) => `
local ids = { ${ids.map((id) => `"${id}"`).join(',')} }
request = function() return wrk.format("GET", "${path}/" .. ids[math.random(#ids)]) end`
const randomPages = (path: string) => `
request = function() return wrk.format("GET", "${path}?limit=20&page=" .. math.random(50)) end`
const createScript = (body: string) => `
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = ${JSON.stringify(body)}`

async function measureStrapi(): Promise<void> {
  const strapi = await startStrapi(serverCore)
  try {
    await strapi.fill(options.quick ? 1_000 : 10_000)
    const ids = await strapi.sampleIds(1_000)
    const byId = randomIds(ids, new URL(strapi.url).pathname)
    for (const connections of connectionCounts) {
      await run('Strapi: record by id', { url: strapi.url, script: byId }, connections)
      await run(
        'Strapi: list of 20 with total',
        { url: `${strapi.url}?pagination[pageSize]=20` },
        connections,
      )
      await run('Strapi: create', { url: strapi.url, script: createScript(strapi.body) }, connections)
    }
  } finally {
    await strapi.remove()
  }
}

const listOf = (size: number) => `list of 20 with total, one page, ${size.toLocaleString('en')} records`
const anyPageOf = (size: number) =>
  `list of 20 with total, any of 50 pages, ${size.toLocaleString('en')} records`

await measureHello()
const server = await startProduct(serverCore)
const facts: Fact[] = [{ name: 'start, new database', value: server.startMs, unit: 'ms', atMost: 6_000 }]
try {
  const startMs = await server.restart()
  facts.push({ name: 'start, existing database, empty', value: startMs, unit: 'ms', atMost: 2_000 })
  await server.settle()
  facts.push({
    name: 'memory of the whole stack, idle: server, gateway and PostgreSQL',
    value: memoryMb(server.pid()),
    unit: 'MB',
    atMost: 250,
  })
  const listUrl = `${server.url}${server.path}?limit=20`
  const anyPage = { url: listUrl, script: randomPages(server.path) }
  for (const size of sizes) {
    await server.fill(size)
    await run(listOf(size), { url: listUrl }, 64)
    await run(anyPageOf(size), anyPage, 64)
    if (size !== 100_000) continue
    const filledMs = await server.restart()
    facts.push({
      name: 'start, existing database, 100,000 records',
      value: filledMs,
      unit: 'ms',
      atMost: 2_000,
    })
    const ids = await server.sampleIds(options.quick ? 1_000 : 10_000)
    for (const connections of connectionCounts) {
      await run(measured.byId, { url: server.url, script: randomIds(ids, server.path) }, connections)
      await run(measured.samePage, { url: listUrl }, connections)
      await run(measured.anyPage, anyPage, connections)
    }
  }
  for (const connections of connectionCounts)
    await run(
      measured.create,
      { url: server.url + server.path, script: createScript(JSON.stringify(product(7))) },
      connections,
    )
  facts.push({ name: 'memory, after the load', value: memoryMb(server.pid()), unit: 'MB' })
} finally {
  await server.remove()
}
for (const [what, nameOf] of [
  ['one page', listOf],
  ['any of 50 pages', anyPageOf],
] as const) {
  const value = slowdown(rows, nameOf(10_000), nameOf(1_000_000))
  if (value !== null)
    facts.push({ name: `list at 1,000,000 slower than at 10,000, ${what}`, value, unit: '%', atMost: 20 })
}
if (options.peers) await measureStrapi()
console.log(report(rows, facts, `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`))
