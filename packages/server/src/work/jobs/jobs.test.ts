import { catalogue } from '@holdfast/kernel/catalogue'
import { systemClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import { createServiceHarness } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createJobs } from './add.ts'
import { createRunnerRepo } from './repo.ts'
import { createJobRunner } from './runner.ts'
import type { JobHandler } from './service.ts'

async function createHarness(...list: JobHandler[]) {
  const harness = await createServiceHarness()
  const { database } = harness
  const handlers = catalogue('job', list)
  const jobs = createJobs(database, () => handlers)
  const repo = createRunnerRepo(database)
  const add = (name: string, payload: Record<string, unknown>, options?: { runAt?: Date; key?: string }) =>
    database.transaction(harness.as(), (tx) => jobs.add(tx, name, payload, options))

  async function serve() {
    const part = createJobRunner({ database, repo, handlers, clock: systemClock, logger: silentLogger })
    await part.start?.()
    let stopped: Promise<void> | undefined
    const stop = () => (stopped ??= part.stop?.() ?? Promise.resolve())
    onTestFinished(stop)
    return { stop }
  }
  return { ...harness, jobs, repo, add, serve }
}

function collecting(name = 'collect') {
  const seen: unknown[] = []
  const handler: JobHandler = { name, attemptsMax: 3, run: async (_ctx, payload) => void seen.push(payload) }
  return { seen, handler }
}

describe('jobs', () => {
  it('a job runs with its payload when the change it belongs to has committed', async () => {
    const { seen, handler } = collecting()
    const { add, serve } = await createHarness(handler)
    await serve()
    await add('collect', { text: 'one' })
    await until(() => seen.length > 0)
    expect(seen).toEqual([{ text: 'one' }])
  })

  it('a job of a change that rolled back never was', async () => {
    const { seen, handler } = collecting()
    const { jobs, add, serve, database, as } = await createHarness(handler)
    await serve()
    const rolledBack = database.transaction(as(), async (tx) => {
      await jobs.add(tx, 'collect', { text: 'never' })
      throw new Error('rolled back')
    })
    await expect(rolledBack).rejects.toThrow('rolled back')
    await add('collect', { text: 'real' })
    await until(() => seen.length > 0)
    expect(seen).toEqual([{ text: 'real' }])
  })

  it('an unknown name is refused and nothing is queued', async () => {
    const { add, repo } = await createHarness(collecting().handler)
    await expect(add('colect', {})).rejects.toThrow('There is no job called "colect"')
    expect(await repo.count()).toEqual({ waiting: 0, failed: 0 })
  })

  it('a job keeps the attempts of its handler, and is counted as failed when they are used up', async () => {
    let attempts = 0
    const failing: JobHandler = {
      name: 'fail',
      attemptsMax: 1,
      async run() {
        attempts += 1
        throw new Error('no')
      },
    }
    const { add, serve, repo } = await createHarness(failing)
    await serve()
    await add('fail', {})
    await until(async () => (await repo.count()).failed === 1)
    expect(attempts).toBe(1)
  })

  it('of two jobs with one key only the newer one runs', async () => {
    const { seen, handler } = collecting()
    const { add, serve } = await createHarness(handler)
    await add('collect', { text: 'older' }, { key: 'same' })
    await add('collect', { text: 'newer' }, { key: 'same' })
    await serve()
    await until(() => seen.length > 0)
    expect(seen).toEqual([{ text: 'newer' }])
  })

  it('stopping waits for the job under way', async () => {
    const begun = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    let finished = false
    const slow: JobHandler = {
      name: 'slow',
      attemptsMax: 1,
      async run() {
        begun.resolve()
        await gate.promise
        finished = true
      },
    }
    const { add, serve } = await createHarness(slow)
    const { stop } = await serve()
    await add('slow', {})
    await begun.promise
    const stopped = stop()
    gate.resolve()
    await stopped
    expect(finished).toBe(true)
  })

  it('the job of a server that died is run by another', async () => {
    const { seen, handler } = collecting()
    const { add, serve, repo, database } = await createHarness(handler)
    await add('collect', { text: 'orphan' })
    // What a killed server leaves: a lock in its name, and a heartbeat that has stopped.
    await database.pool.query(
      `update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now(), attempts = 1`,
    )
    await repo.beat('dead')
    await serve()
    expect(seen).toEqual([])
    await database.pool.query(
      `update job_runners set seen_at = now() - interval '2 minutes' where id = 'dead'`,
    )
    // The runner's own first heartbeat may come before this and release it just as well.
    await repo.releaseDead(60_000)
    await until(() => seen.length > 0)
    expect(seen).toEqual([{ text: 'orphan' }])
  })
})
