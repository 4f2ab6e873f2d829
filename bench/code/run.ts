import { parseArgs } from 'node:util'
import { createCodePool } from '../../packages/server/src/areas/builder/automations/code/pool.ts'
import { createCodeRunner } from '../../packages/server/src/areas/builder/automations/code/runner.ts'
import { silentLogger } from '../../packages/kernel/src/logger.ts'
import { measureOverHttp } from './http.ts'

/**
 * What a handler adds to a request: from handing its code to the pool until the result is parsed, and as the caller of
 * the endpoint sees it. Beside it a handler that asks its `db` once, which adds one way to the server and back, and one
 * that fills the pool.
 *
 *   npm run bench:code [-- --quick]
 */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const limitMs = 1
const pool = createCodePool({ logger: silentLogger })
const runner = createCodeRunner({
  pool,
  outgoingCall: async () => null,
  openSecret: async () => '',
})

const request = {
  method: 'POST',
  path: '/api/products',
  params: {},
  query: {},
  headers: { 'content-type': 'application/json' },
  body: { title: 'Cup', price: 12, tags: ['kitchen', 'new'] },
  user: null,
}
const cases = {
  'changes the body': 'async function handler(req) { req.body.title = req.body.title.trim() }',
  'asks db once': 'async function handler(req, db) { return { data: await db.findOne("a") } }',
}

async function once(code: string): Promise<number> {
  const startedMs = performance.now()
  const { error } = await runner.run({
    key: 'bench',
    entry: 'handler',
    code,
    argument: request,
    wallMs: 5_000,
    records: async () => ({ title: 'Cup' }),
  })
  if (error !== null) throw new Error(error.message)
  return performance.now() - startedMs
}

function quantile(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(3)
}

let isWithin = true
for (const [name, code] of Object.entries(cases)) {
  for (let turn = 0; turn < 300; turn += 1) await once(code)
  const times: number[] = []
  for (let turn = 0; turn < (options.quick ? 500 : 3_000); turn += 1) {
    times.push(await once(code))
    // A pause as between two requests: the worker makes its next sandbox meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  times.sort((a, b) => a - b)
  const median = quantile(times, 0.5)
  isWithin &&= Number(median) < limitMs
  console.log(
    `${name}: median ${median} ms, 90 % ${quantile(times, 0.9)} ms, 99 % ${quantile(times, 0.99)} ms`,
  )
}

const startedMs = performance.now()
const count = options.quick ? 800 : 4_000
let left = count
await Promise.all(
  Array.from({ length: 16 }, async () => {
    while (left-- > 0) await once(cases['changes the body'])
  }),
)
console.log(`16 at once: ${Math.round((count / (performance.now() - startedMs)) * 1_000)} runs/s`)
await pool.part.stop?.()

const { plainMs, handledMs } = await measureOverHttp(cases['changes the body'], options.quick ? 300 : 2_000)
isWithin &&= handledMs - plainMs < limitMs
console.log(
  `over HTTP: median ${plainMs.toFixed(3)} ms without, ${handledMs.toFixed(3)} ms with a handler; it adds ${(handledMs - plainMs).toFixed(3)} ms`,
)
console.log(`medians below ${limitMs} ms: ${isWithin ? 'yes' : 'NO'}`)
process.exitCode = isWithin ? 0 : 1
