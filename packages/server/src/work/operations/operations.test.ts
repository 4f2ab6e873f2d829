import { problem } from '@holdfast/contracts/problems'
import { catalogue } from '@holdfast/kernel/catalogue'
import { systemClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import { createServiceHarness } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuditRepo } from '../../areas/platform/audit/repo.ts'
import { createAuditLog } from '../../areas/platform/audit/service.ts'
import type { Context } from '../../context.ts'
import { createJobs } from '../jobs/add.ts'
import { createRunnerRepo } from '../jobs/repo.ts'
import { createJobRunner } from '../jobs/runner.ts'
import { createAbandonedOperations } from './abandoned.ts'
import { createOperationChanges } from './changes.ts'
import { createEventsRepo } from '../events/repo.ts'
import { createEvents } from '../events/service.ts'
import { createOperationsRepo } from './repo.ts'
import { createOperationJobs } from './runner.ts'
import { createOperations, type OperationHandler } from './service.ts'

async function createHarness(...list: OperationHandler[]) {
  const harness = await createServiceHarness()
  const { database, clock, ids } = harness
  const audit = createAuditLog({ repo: createAuditRepo(database), database, clock, ids })
  const repo = createOperationsRepo(database)
  const events = createEvents({ repo: createEventsRepo(database), clock, ids })
  const changes = createOperationChanges(repo)
  await changes.part.start?.()
  onTestFinished(() => changes.part.stop?.())
  const operationHandlers = catalogue('operation', list)
  const handlersAt = (place: string) =>
    catalogue(
      'job',
      createOperationJobs({
        repo,
        database,
        events,
        changes,
        place: () => place,
        handlers: () => operationHandlers,
        clock,
        progressClock: systemClock,
        logger: silentLogger,
      }),
    )
  const jobs = createJobs(database, () => handlersAt('here'))
  const operations = createOperations({
    repo,
    database,
    jobs,
    audit,
    events,
    changes,
    place: () => 'here',
    handlers: () => operationHandlers,
    clock,
    ids,
  })
  const start = (ctx: Context, kind: string, input: Record<string, unknown> = {}, isHere = false) =>
    database.transaction(ctx, (tx) =>
      operations.start(tx, { kind, input, target: { type: 'thing', id: null }, isHere }),
    )
  const audited = async () =>
    (await database.kysely.selectFrom('audit_entries').select('id').execute()).length

  async function serve(at = 'here') {
    const runner = createRunnerRepo(database)
    const part = createJobRunner({
      database,
      repo: runner,
      handlers: handlersAt(at),
      clock: systemClock,
      logger: silentLogger,
    })
    await part.start?.()
    let stopped: Promise<void> | undefined
    const stop = () => (stopped ??= part.stop?.() ?? Promise.resolve())
    onTestFinished(stop)
    return { stop }
  }
  const abandoned = createAbandonedOperations({
    repo,
    database,
    events,
    handlers: () => operationHandlers,
    clock,
    lookClock: systemClock,
    logger: silentLogger,
  })
  return { ...harness, operations, start, serve, audited, abandoned }
}

const counting: OperationHandler = {
  name: 'things.count',
  async run(_ctx, { input, progress }) {
    progress(Number(input.total), Number(input.total), 'counted')
    return { counted: input.total }
  },
}

/** Runs until it is told to stop. */
const endless: OperationHandler = {
  name: 'things.wait',
  run: (ctx) =>
    new Promise((_resolve, reject) => {
      ctx.signal.addEventListener('abort', () => reject(new Error('stopped')))
    }),
}

describe('operations', () => {
  it('one is queued with the change that asks for it, runs, and keeps its result', async () => {
    const { operations, start, serve, as } = await createHarness(counting)
    const ctx = as()
    const { id, state } = await start(ctx, 'things.count', { total: 3 })
    expect(state).toBe('queued')
    await serve()
    await until(async () => (await operations.get(ctx, id)).finishedAt !== null)
    expect(await operations.get(ctx, id)).toMatchObject({
      state: 'succeeded',
      progress: { done: 3, total: 3 },
      message: 'counted',
      result: { counted: 3 },
      problem: null,
    })
  })

  it("somebody else's does not exist: not to read, not to watch, not to cancel", async () => {
    const { operations, start, as, audited } = await createHarness(counting)
    const { id } = await start(as(), 'things.count')
    const stranger = as('manage_users', 'manage_api', 'view_logs')
    const refused = { code: 'operations.not_found' }
    await expect(operations.get(stranger, id)).rejects.toMatchObject(refused)
    await expect(operations.watch(stranger, id, 0).next()).rejects.toMatchObject(refused)
    await expect(operations.cancel(stranger, id)).rejects.toMatchObject(refused)
    expect((await operations.list(stranger, { limit: 10 })).operations).toEqual([])
    expect(await audited()).toBe(0)
  })

  it('a failure tells its owner the problem, and of a defect only that there was one', async () => {
    const refusing: OperationHandler = {
      name: 'things.refuse',
      run: async () => {
        throw problem('groups.not_found')
      },
    }
    const broken: OperationHandler = {
      name: 'things.break',
      run: async () => {
        throw new Error('password=hunter2')
      },
    }
    const { operations, start, serve, as } = await createHarness(refusing, broken)
    const ctx = as()
    await serve()
    const refused = await start(ctx, 'things.refuse')
    const defect = await start(ctx, 'things.break')
    await until(
      async () => (await operations.list(ctx, { limit: 10, state: 'failed' })).operations.length === 2,
    )
    expect((await operations.get(ctx, refused.id)).problem?.code).toBe('groups.not_found')
    expect((await operations.get(ctx, defect.id)).problem?.code).toBe('server.failed')
    expect(JSON.stringify(await operations.get(ctx, defect.id))).not.toContain('hunter2')
  })

  it('cancelling stops the one that runs, is audited once, and cannot be repeated', async () => {
    const { operations, start, serve, as, audited } = await createHarness(endless)
    const ctx = as()
    await serve()
    const { id } = await start(ctx, 'things.wait')
    await until(async () => (await operations.get(ctx, id)).state === 'running')
    await operations.cancel(ctx, id)
    await until(async () => (await operations.get(ctx, id)).state === 'cancelled')
    await expect(operations.cancel(ctx, id)).rejects.toMatchObject({ code: 'operations.already_finished' })
    expect(await audited()).toBe(1)
  })

  it('one that needs what lies in a data directory waits for a server that has it', async () => {
    const { operations, start, serve, as } = await createHarness(counting)
    const ctx = as()
    const bound = await start(ctx, 'things.count', { total: 1 }, true)
    const free = await start(ctx, 'things.count', { total: 2 })
    await serve('elsewhere')
    await until(async () => (await operations.get(ctx, free.id)).state === 'succeeded')
    expect((await operations.get(ctx, bound.id)).state).toBe('queued')
    await serve('here')
    await until(async () => (await operations.get(ctx, bound.id)).state === 'succeeded')
  })

  it('one that is cancelled before it begins never runs', async () => {
    const { operations, start, serve, as } = await createHarness(counting)
    const ctx = as()
    const first = await start(ctx, 'things.count', { total: 1 })
    await operations.cancel(ctx, first.id)
    await serve()
    const second = await start(ctx, 'things.count', { total: 2 })
    await until(async () => (await operations.get(ctx, second.id)).state === 'succeeded')
    expect(await operations.get(ctx, first.id)).toMatchObject({ state: 'cancelled', result: null })
  })

  it('watching shows every state until the end, and resumes after the version that was seen', async () => {
    const { operations, start, serve, as } = await createHarness(counting)
    const ctx = as()
    const { id, version } = await start(ctx, 'things.count', { total: 1 })
    const seen: string[] = []
    const watching = (async () => {
      for await (const operation of operations.watch(ctx, id, 0)) seen.push(operation.state)
    })()
    await until(() => seen.length === 1)
    await serve()
    await watching
    expect(seen[0]).toBe('queued')
    expect(seen.at(-1)).toBe('succeeded')
    const resumed = []
    for await (const operation of operations.watch(ctx, id, version)) resumed.push(operation.state)
    expect(resumed).toEqual(['succeeded'])
  })

  it('one whose servers died each time is told as failed, and takes back what it promised', async () => {
    const givenUp: unknown[] = []
    const { operations, start, as, abandoned, database } = await createHarness({
      ...endless,
      giveUp: async (_ctx, input) => void givenUp.push(input),
    })
    const ctx = as()
    const lost = await start(ctx, 'things.wait', { which: 'lost' })
    const waiting = await start(ctx, 'things.wait', { which: 'waiting' })
    // What is left when the last of five servers was killed, and another has freed its job.
    await database.pool.query(
      `update graphile_worker._private_jobs set attempts = max_attempts where key = $1`,
      [`operation:${lost.id}`],
    )
    await database.pool.query(`update operations set state = 'running' where id = $1`, [lost.id])
    expect(await abandoned.end()).toBe(1)
    expect(await operations.get(ctx, lost.id)).toMatchObject({
      state: 'failed',
      problem: { code: 'operations.interrupted' },
    })
    expect(givenUp).toEqual([{ which: 'lost' }])
    expect((await operations.get(ctx, waiting.id)).state).toBe('queued')
    expect(await abandoned.end()).toBe(0)
  })

  it('stopping the server is no attempt: one that runs is run again, and at once', async () => {
    let runs = 0
    const { operations, start, serve, as, database } = await createHarness({
      ...endless,
      run: (...given) => {
        runs += 1
        return endless.run(...given)
      },
    })
    const ctx = as()
    const { id } = await start(ctx, 'things.wait')
    const first = await serve()
    await until(() => runs === 1)
    await first.stop()
    const { rows } = await database.pool.query<{ attempts: number; isDue: boolean }>(
      `select attempts, run_at <= now() as "isDue" from graphile_worker.jobs`,
    )
    expect(rows).toEqual([{ attempts: 0, isDue: true }])
    await serve()
    await until(() => runs === 2)
    expect((await operations.get(ctx, id)).state).toBe('running')
  })

  it('one that fails or is cancelled, even before it began, takes back what it promised', async () => {
    const givenUp: unknown[] = []
    const giveUp = async (_ctx: Context, input: Record<string, unknown>) => void givenUp.push(input.which)
    const failing = { name: 'things.fail', run: () => Promise.reject(new Error('no')), giveUp }
    const { operations, start, serve, as } = await createHarness({ ...endless, giveUp }, failing, {
      ...counting,
      giveUp,
    })
    const ctx = as()
    const early = await start(ctx, 'things.wait', { which: 'early' })
    await operations.cancel(ctx, early.id)
    await serve()
    const failed = await start(ctx, 'things.fail', { which: 'failed' })
    const good = await start(ctx, 'things.count', { which: 'good', total: 1 })
    const late = await start(ctx, 'things.wait', { which: 'late' })
    await until(async () => (await operations.get(ctx, failed.id)).state === 'failed')
    await until(async () => (await operations.get(ctx, good.id)).state === 'succeeded')
    await until(async () => (await operations.get(ctx, late.id)).state === 'running')
    await operations.cancel(ctx, late.id)
    await until(async () => (await operations.get(ctx, late.id)).state === 'cancelled')
    expect(givenUp).toEqual(['early', 'failed', 'late'])
  })

  it('a list is read page by page, newest first', async () => {
    const { operations, start, as } = await createHarness(counting)
    const ctx = as()
    const ids = []
    for (let count = 0; count < 5; count++) ids.unshift((await start(ctx, 'things.count')).id)
    const first = await operations.list(ctx, { limit: 3 })
    const second = await operations.list(ctx, { limit: 3, cursor: first.nextCursor ?? '' })
    expect([...first.operations, ...second.operations].map(({ id }) => id)).toEqual(ids)
    expect(second.nextCursor).toBeNull()
  })
})
