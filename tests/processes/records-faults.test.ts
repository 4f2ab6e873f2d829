import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRunningServer, type RunningServer, until } from './running-server.ts'
import { lost, readAll, startWriters, type Writers } from './writers.ts'

const path = '/api/faults'
const rounds = 20

describe('records when processes die', () => {
  let server: RunningServer
  let writers: Writers | undefined
  beforeEach(async () => {
    server = await createRunningServer()
    await server.start()
    await server.defineEndpoint(path)
  })
  afterEach(async () => {
    await writers?.stop()
    writers = undefined
    await server.remove()
  })

  it(`every acknowledged create survives ${rounds} times SIGKILL of the server`, {
    timeout: 600_000,
  }, async () => {
    const acknowledged = new Set<string>()
    for (let round = 1; round <= rounds; round += 1) {
      writers = startWriters(server.url + path, 8)
      await writers.more(20 + Math.floor(Math.random() * 200))
      await server.signal('SIGKILL')
      await writers.stop()
      for (const id of writers.acknowledged) acknowledged.add(id)
      await server.start()
      const { ids, total } = await readAll(server.url + path)
      expect(lost(acknowledged, ids)).toEqual([])
      expect(total).toBe(ids.size)
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(rounds * 20)
  })

  it(`every acknowledged create survives ${rounds} times SIGKILL of PostgreSQL, without a restart of the server`, {
    timeout: 600_000,
  }, async () => {
    writers = startWriters(server.url + path, 8)
    for (let round = 1; round <= rounds; round += 1) {
      await writers.more(20 + Math.floor(Math.random() * 200))
      const pid = server.postgresPid()
      expect(pid).not.toBeNull()
      process.kill(Number(pid), 'SIGKILL')
      await until(async () => server.postgresPid() !== pid && (await fetch(`${server.url}/health/ready`)).ok)
    }
    await writers.more(1)
    await writers.stop()
    const { ids, total } = await readAll(server.url + path)
    expect(lost(writers.acknowledged, ids)).toEqual([])
    expect(total).toBe(ids.size)
    expect(writers.refusals.length).toBeGreaterThan(0)
    expect(
      writers.refusals.filter(({ status, retryAfter }) => status !== 503 || retryAfter === null),
    ).toEqual([])
  })

  it('while PostgreSQL is gone requests get 503 and when to come back, the probe says so, and it recovers by itself', {
    timeout: 120_000,
  }, async () => {
    const probe = async (name: string) => (await fetch(`${server.url}/health/${name}`)).status
    const toldSo = until(async () => (await probe('ready')) === 503)
    writers = startWriters(server.url + path, 2)
    await writers.more(1)
    process.kill(Number(server.postgresPid()), 'SIGKILL')
    await Promise.all([toldSo, writers.refused()])
    expect(await probe('live')).toBe(200)
    expect(writers.refusals[0]).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) })
    await until(async () => (await probe('ready')) === 200)
    await writers.more(10)
  })

  it('SIGTERM under load: whatever was stored was answered, and nothing is left running', {
    timeout: 120_000,
  }, async () => {
    writers = startWriters(server.url + path, 32)
    await writers.more(500)
    const exitCode = await server.signal('SIGTERM')
    await writers.stop()
    expect(exitCode).toBe(0)
    expect(server.postgresPid()).toBeNull()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    expect(writers.refusals.filter(({ status }) => status !== 503)).toEqual([])
    await server.start()
    const { ids } = await readAll(server.url + path)
    expect([...ids].filter((id) => !writers?.acknowledged.has(id))).toEqual([])
    expect(lost(writers.acknowledged, ids)).toEqual([])
  })
})
