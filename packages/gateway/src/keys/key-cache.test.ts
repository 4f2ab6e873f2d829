import { createTestClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import { until } from '@holdfast/testkit/until'
import type { JSONWebKeySet } from 'jose'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startService } from '../proxy/fixtures.ts'
import { createKeyCache } from './key-cache.ts'

const keysOf = (kid: string) => ({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'abc', kid }] })

/** A control plane that publishes what the test says. */
async function start(first: { status: number; body: unknown }) {
  const clock = createTestClock()
  const published = { ...first }
  const paths: (string | undefined)[] = []
  const { url } = await startService((request, response) => {
    paths.push(request.url)
    response.writeHead(published.status).end(JSON.stringify(published.body))
  })
  const taken: JSONWebKeySet[] = []
  const cache = createKeyCache({
    serverUrl: new URL(`${url}/base/`),
    take: (keys) => void taken.push(keys),
    clock,
    logger: silentLogger,
  })
  onTestFinished(() => cache.stop())
  /** Time passes until it has asked so often. */
  const asked = (count: number, stepMs: number) =>
    until(() => {
      if (paths.length < count) clock.advance(stepMs)
      return paths.length === count
    })
  return { clock, published, paths, taken, cache, asked }
}

describe('the public keys of the control plane', () => {
  it('are fetched at a connection, and again before a new one can sign', async () => {
    const { published, paths, taken, cache, asked } = await start({ status: 200, body: keysOf('k1') })
    cache.refresh()
    await until(() => taken.length === 1)
    published.body = keysOf('k2')
    await asked(2, 60_000)
    await until(() => taken.length === 2)
    expect(taken).toEqual([keysOf('k1'), keysOf('k2')])
    expect(paths).toEqual(['/base/.well-known/jwks.json', '/base/.well-known/jwks.json'])
  })

  it.each([
    [503, keysOf('k1')],
    [200, { keys: 'none' }],
    [200, 'text'],
  ])('an answer of %i %j replaces nothing, and is asked for again soon', async (status, body) => {
    const { published, taken, cache, asked } = await start({ status, body })
    cache.refresh()
    await asked(2, 5_000)
    expect(taken).toEqual([])
    Object.assign(published, { status: 200, body: keysOf('k2') })
    await asked(3, 5_000)
    await until(() => taken.length === 1)
  })

  it('are not asked for any more after the stop', async () => {
    const { clock, paths, taken, cache } = await start({ status: 200, body: keysOf('k1') })
    cache.refresh()
    await until(() => taken.length === 1)
    cache.stop()
    clock.advance(3_600_000)
    cache.refresh()
    expect(paths).toHaveLength(1)
  })
})
