import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startPinned, untilAnswer } from '../lib/processes.ts'
import { measure } from '../lib/wrk.ts'
import { fillChain } from './fill.ts'

/**
 * The audit chain: audited writes a second over HTTP, server and PostgreSQL together on one core; then how long a million
 * entries take to verify, with both cores.
 *
 *   npm run bench:audit [-- --quick]
 */
const quick = process.argv.includes('--quick')
const entries = quick ? 100_000 : 1_000_000
const writesPerSecondTarget = 1_000
const verifyMsTarget = entries / 100

const data = mkdtempSync(join(tmpdir(), 'bench-audit-'))
// As root, PostgreSQL runs as another user, who must be able to reach the folder.
chmodSync(data, 0o711)
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const administrator = { login: 'bench', password: 'Bench-password-1' }
const start = (core: string) =>
  startPinned(core, [process.execPath, join(import.meta.dirname, '../../packages/server/src/main.ts')], {
    PORT: String(port),
    HOLDFAST_DATA: data,
    HOLDFAST_LOG_LEVEL: 'error',
    HOLDFAST_ADMIN_LOGIN: administrator.login,
    HOLDFAST_ADMIN_PASSWORD: administrator.password,
  })
let running = start('0')
const verdictText = (reached: boolean, target: string) => `${reached ? 'reached' : 'MISSED'} (${target})`
try {
  await untilAnswer(`${url}/health`, running)
  const { token } = await json('/api/auth/login', { method: 'POST', body: JSON.stringify(administrator) })
  const headers = { authorization: `Bearer ${String(token)}` }
  // Rate limits would stop the load: what is measured is the write.
  await json('/api/settings', { method: 'PUT', headers, body: JSON.stringify({ rateLimitMax: 1_000_000 }) })
  const load = {
    url: `${url}/api/groups`,
    connections: 64,
    core: 1,
    script: createScript(headers.authorization),
  }
  await measure({ ...load, seconds: 1 })
  const writes = await measure({ ...load, seconds: quick ? 3 : 10 })
  console.log(
    `audited writes (POST /api/groups, 64 connections): ${Math.round(writes.requestsPerSecond)}/s, p50 ${writes.p50Ms} ms, ` +
      `p99 ${writes.p99Ms} ms, ${writes.failures} failed, ` +
      verdictText(writes.requestsPerSecond >= writesPerSecondTarget && writes.failures === 0, '1,000/s'),
  )
  await running.stop()
  await fillChain(data, entries)
  running = start('0,1')
  await untilAnswer(`${url}/health`, running)
  const startedMs = performance.now()
  let operation = (await json('/api/audit/verify', { headers })).data
  while (operation.state === 'queued' || operation.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 50))
    operation = (await json(`/api/operations/${operation.id}`, { headers })).data
  }
  const tookMs = performance.now() - startedMs
  console.log(
    `verify ${operation.result.entries.toLocaleString('en')} entries: ${Math.round(tookMs)} ms, ` +
      `valid: ${String(operation.result.valid)}, ${verdictText(tookMs <= verifyMsTarget, `${verifyMsTarget} ms`)}`,
  )
} finally {
  await running.stop()
  rmSync(data, { recursive: true, force: true })
}

function createScript(authorization: string): string {
  return `
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "${authorization}"
local count = 0
local start = os.time() .. tostring({})
request = function()
  count = count + 1
  return wrk.format(nil, nil, nil, '{"name":"' .. start .. count .. '","permissions":["view"]}')
end`
}

async function json(
  path: string,
  init: { method?: string; body?: string; headers?: Record<string, string> } = {},
) {
  const response = await fetch(url + path, {
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  })
  const body = (await response.json()) as {
    token?: string
    data: Record<string, never> & { id: string; state: string }
  }
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(body)}`)
  return body as typeof body & { data: { result: { entries: number; valid: boolean } } }
}
