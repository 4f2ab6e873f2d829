import { createTestClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import { createServiceHarness } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createJobs } from '../jobs/add.ts'
import { createSchedulesRepo } from './repo.ts'
import { createSchedules, type Schedule } from './service.ts'

const hourly: Schedule = {
  name: 'hourly',
  cron: '0 * * * *',
  timeZone: 'UTC',
  job: 'note',
  payload: { why: 'hourly' },
  missed: 'run_once',
  enabled: true,
}

async function createHarness() {
  const harness = await createServiceHarness()
  const { database } = harness
  const note = { name: 'note', attemptsMax: 1, run: async () => undefined }
  const jobs = createJobs(database, () => new Map([[note.name, note]]))
  const queued = async () =>
    (await database.pool.query('select task_identifier from graphile_worker.jobs')).rows.length
  const row = (name = 'hourly') =>
    database.kysely.selectFrom('schedules').selectAll().where('name', '=', name).executeTakeFirst()

  /** One server with its own clock. */
  async function serve(...builtIn: Schedule[]) {
    const clock = createTestClock('2026-01-01T00:30:00Z')
    const schedules = createSchedules({
      repo: createSchedulesRepo(database),
      database,
      jobs,
      clock,
      logger: silentLogger,
    })
    const part = schedules.runner(builtIn)
    await part.start?.()
    onTestFinished(() => part.stop?.())
    /** Moves on as real time does: every timer that is set on the way fires. */
    const passUntil = (condition: () => Promise<boolean>) =>
      until(async () => {
        clock.advance(60_000)
        return condition()
      })
    return { clock, schedules, part, passUntil }
  }
  return { ...harness, queued, row, serve }
}

describe('schedules', () => {
  it('a schedule fires at its time and waits for the next', async () => {
    const { serve, row, queued } = await createHarness()
    const { passUntil } = await serve(hourly)
    expect((await row())?.next_run_at).toBe('2026-01-01T01:00:00.000Z')
    await passUntil(async () => (await row())?.run_count === 1)
    expect(await queued()).toBe(1)
    expect(new Date((await row())?.next_run_at ?? 0) > new Date((await row())?.last_run_at ?? 0)).toBe(true)
  })

  it('with many servers it fires once', async () => {
    const { serve, row, queued } = await createHarness()
    const servers = [await serve(hourly), await serve(hourly), await serve(hourly)]
    for (const { clock } of servers) clock.advance(45 * 60_000)
    await until(async () => (await row())?.run_count !== 0)
    for (const { part } of servers) await part.stop?.()
    expect((await row())?.run_count).toBe(1)
    expect(await queued()).toBe(1)
  })

  it('what was due while no server ran is made up for once', async () => {
    const { serve, row, queued } = await createHarness()
    const first = await serve(hourly)
    await first.part.stop?.()
    const second = await serve()
    second.clock.advance(5 * 3_600_000)
    await until(async () => (await row())?.run_count === 1)
    await second.part.stop?.()
    expect(await queued()).toBe(1)
    expect((await row())?.next_run_at).toBe('2026-01-01T06:00:00.000Z')
  })

  it('a restart does not move the time, a changed expression does', async () => {
    const { serve, row } = await createHarness()
    const { clock } = await serve(hourly)
    clock.advance(10 * 60_000)
    await serve(hourly)
    expect((await row())?.next_run_at).toBe('2026-01-01T01:00:00.000Z')
    await serve({ ...hourly, cron: '15 * * * *' })
    expect((await row())?.next_run_at).toBe('2026-01-01T01:15:00.000Z')
  })

  it('one that is added later is seen without waiting, one that is removed never fires', async () => {
    const { serve, row, queued, database, as } = await createHarness()
    const { schedules, passUntil } = await serve()
    await database.transaction(as(), (tx) => schedules.put(tx, hourly))
    await database.transaction(as(), (tx) => schedules.put(tx, { ...hourly, name: 'gone' }))
    await database.transaction(as(), (tx) => schedules.remove(tx, 'gone'))
    await passUntil(async () => (await row())?.run_count === 1)
    expect(await row('gone')).toBeUndefined()
    expect(await queued()).toBe(1)
  })

  it('one whose job does not exist does not hold up the others', async () => {
    const { serve, row, database, as } = await createHarness()
    const { schedules, passUntil } = await serve(hourly)
    await database.transaction(as(), (tx) => schedules.put(tx, { ...hourly, name: 'broken', job: 'absent' }))
    await passUntil(async () => (await row())?.run_count === 1)
    expect((await row('broken'))?.run_count).toBe(0)
  })

  it('an expression that makes no sense is refused and leaves no row', async () => {
    const { serve, row, database, as } = await createHarness()
    const { schedules } = await serve()
    const attempt = database.transaction(as(), (tx) => schedules.put(tx, { ...hourly, cron: 'every day' }))
    await expect(attempt).rejects.toThrow('every day')
    expect(await row()).toBeUndefined()
  })
})
