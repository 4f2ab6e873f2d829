import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { stopDeadlines } from './stop-deadlines.ts'

/** PostgreSQL that did not stop is told to stop at once, which takes a moment too. */
const marginMs = 3_000

it.each([
  ['holdfast.service', /^TimeoutStopSec=(\d+)$/m],
  ['compose.yaml', /stop_grace_period: (\d+)s/],
])('a stop is over before %s kills the process', (file, pattern) => {
  const text = readFileSync(new URL(`../../../../deploy/${file}`, import.meta.url), 'utf8')
  const grantedMs = Number(pattern.exec(text)?.[1]) * 1_000
  const neededMs = Object.values(stopDeadlines).reduce((sum, ms) => sum + ms, marginMs)
  expect(neededMs).toBeLessThanOrEqual(grantedMs)
})
