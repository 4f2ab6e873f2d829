import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort, startPinned, untilAnswer } from '../lib/processes.ts'
import { fillActivity, rare } from './fill.ts'

/**
 * The dashboard and the activity log with ten thousand rows, and with ten million: the same questions, searches of all kinds
 * among them, and how long they take. Server and PostgreSQL share one core.
 *
 *   npm run bench:activity [-- --quick]
 *
 * What is measured is the whole request, which is never faster than its database time.
 */
const quick = process.argv.includes('--quick')
const sizes = [10_000, quick ? 1_000_000 : 10_000_000]
const targetMs = 50
const samples = 40

/** Each is to take less than `targetMs` with the larger log. */
const questions = {
  dashboard: '/api/dashboard/stats',
  'newest 50 rows': '/api/dashboard/logs?limit=50',
  'newest 50 errors': '/api/dashboard/logs?limit=50&action=error',
  'page 100': '/api/dashboard/logs?limit=50&page=100',
  'search: in every row': '/api/dashboard/logs?limit=50&search=products',
  'search: an address': '/api/dashboard/logs?limit=50&search=10.17.3.7',
  'search: seven old rows': `/api/dashboard/logs?limit=50&search=${rare.word}`,
  'search: nothing': '/api/dashboard/logs?limit=50&search=no-such-thing',
  'of a user with seven rows': `/api/dashboard/logs?limit=50&userId=${rare.userId}`,
  'of a busy user, failed': `/api/dashboard/logs?limit=50&userId=019b0000-0000-7000-8000-000000000032&status=failed`,
} as const

const data = mkdtempSync(join(tmpdir(), 'bench-activity-'))
// As root, PostgreSQL runs as another user, who must be able to reach the folder.
chmodSync(data, 0o711)
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const administrator = { login: 'bench', password: 'Bench-password-1' }
const start = () =>
  startPinned('0', [process.execPath, join(import.meta.dirname, '../../packages/server/src/main.ts')], {
    PORT: String(port),
    HOLDFAST_DATA: data,
    HOLDFAST_LOG_LEVEL: 'error',
    HOLDFAST_ADMIN_LOGIN: administrator.login,
    HOLDFAST_ADMIN_PASSWORD: administrator.password,
  })
let running = start()
try {
  await untilAnswer(`${url}/health`, running)
  const found = new Map<string, number[]>()
  for (const rows of sizes) {
    await running.stop()
    const filledMs = performance.now()
    await fillActivity(data, rows)
    console.log(
      `${rows.toLocaleString('en')} rows, filled in ${Math.round((performance.now() - filledMs) / 1_000)} s`,
    )
    running = start()
    await untilAnswer(`${url}/health`, running)
    const headers = { authorization: `Bearer ${await signIn()}` }
    // What starting does by itself is not what is asked about.
    await wait(3_000)
    for (const [question, path] of Object.entries(questions)) {
      const times = await timesOf(path, headers)
      const median = at(times, 0.5)
      found.set(question, [...(found.get(question) ?? []), median])
      console.log(
        `  ${question.padEnd(28)} p50 ${median.toFixed(1)} ms, p95 ${at(times, 0.95).toFixed(1)} ms`,
      )
    }
  }
  for (const [question, [small = 0, large = 0]] of found) {
    const reached = large < targetMs
    console.log(
      `${question}: ${small.toFixed(1)} ms at ${sizes[0]?.toLocaleString('en')} rows, ${large.toFixed(1)} ms at ${sizes[1]?.toLocaleString('en')}, ` +
        `${reached ? 'reached' : 'MISSED'} (${targetMs} ms)`,
    )
    if (!reached) process.exitCode = 1
  }
} finally {
  await running.stop()
  rmSync(data, { recursive: true, force: true })
}

async function signIn(): Promise<string> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  })
  const { token } = (await response.json()) as { token?: string }
  if (token === undefined) throw new Error(`Signing in answered ${response.status}.`)
  return token
}

/** Milliseconds of each request, ascending; the first ones warm up and are not counted. */
async function timesOf(path: string, headers: Record<string, string>): Promise<number[]> {
  const times: number[] = []
  for (let sample = -5; sample < samples; sample += 1) {
    const startedMs = performance.now()
    const response = await fetch(url + path, { headers })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`)
    if (sample >= 0) times.push(performance.now() - startedMs)
  }
  return times.toSorted((one, other) => one - other)
}

function at(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
}
