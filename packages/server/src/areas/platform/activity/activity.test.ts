import { settingDefaults } from '@holdfast/contracts/platform/settings'
import { silentLogger } from '@holdfast/kernel/logger'
import { createServiceHarness } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it } from 'vitest'
import { systemContext } from '../../../context.ts'
import { createAuditRepo } from '../audit/repo.ts'
import { createAuditLog } from '../audit/service.ts'
import { createActivityRepo } from './repo.ts'
import { createEventsRepo } from '../../../work/events/repo.ts'
import { createEvents } from '../../../work/events/service.ts'
import { activityRow } from './rules.ts'
import { createActivity } from './service.ts'
import { createActivityWriter } from './writer.ts'

const dayMs = 86_400_000

async function createHarness(logRetentionDays = 30, countedMax?: number) {
  const harness = await createServiceHarness()
  const { database, clock, ids } = harness
  const audit = createAuditLog({ repo: createAuditRepo(database), database, clock, ids })
  const settings = { current: () => ({ ...settingDefaults, logRetentionDays }) }
  const repo = createActivityRepo(database, countedMax)
  const events = createEvents({ repo: createEventsRepo(database), clock, ids })
  const activity = createActivity({
    repo,
    database,
    audit,
    events,
    settings,
    clock,
    ids,
    logger: silentLogger,
  })
  const ctx = harness.as('view_logs')
  const messages = async (query: object = {}) =>
    (await activity.list(ctx, { page: 1, limit: 50, ...query })).rows.map(({ message }) => message)
  const partitions = async () =>
    (
      await database.pool.query<{ name: string }>(`select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'activity'::regclass order by 1`)
    ).rows.map(({ name }) => name)
  return { ...harness, activity, repo, ctx, messages, partitions, audit }
}

describe('the activity log', () => {
  it('a row is there a second later, with who, where from and what', async () => {
    const { activity, ctx, clock } = await createHarness()
    activity.recordFor(ctx, {
      action: 'login',
      message: 'Signed in',
      statusCode: 200,
      responseTimeMs: 12.5,
      details: { via: 'password' },
    })
    expect(activity.state().buffered).toBe(1)
    clock.advance(1_000)
    await activity.flush()
    const { rows, total } = await activity.list(ctx, { page: 1, limit: 10 })
    expect(total).toBe(1)
    expect(rows[0]).toMatchObject({
      action: 'login',
      message: 'Signed in',
      source: 'direct',
      userId: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
      ip: '127.0.0.1',
      userAgent: 'vitest',
      statusCode: 200,
      responseTime: 12.5,
      details: { via: 'password' },
      createdAt: '2026-01-01T00:00:00.000Z',
    })
  })

  it('500 rows are written at once, without waiting', async () => {
    const { activity, ctx } = await createHarness()
    for (let count = 0; count < 500; count++) activity.record({ action: 'api_call', message: String(count) })
    await until(async () => (await activity.count(ctx)) === 500)
    expect(activity.state()).toEqual({ buffered: 0, dropped: 0 })
  })

  it('whatever a client sends can be stored', async () => {
    const { activity, messages } = await createHarness()
    activity.record({
      action: 'error',
      message: 'zero \0 half \uD800 \\u0000',
      userAgent: 'x'.repeat(10_000),
      details: { '\0': '\uDC00' },
    })
    await activity.flush()
    expect(await messages()).toEqual(['zero \uFFFD half \uFFFD \\u0000'])
  })

  it('is searched and filtered, newest first, page by page', async () => {
    const { activity, messages, clock } = await createHarness()
    const rows = [
      { action: 'login', message: 'Anna signed in', ip: '10.0.0.1' },
      { action: 'error', message: '100% wrong' },
      { action: 'login', message: 'Bert signed in', ip: '10.0.0.2' },
    ] as const
    for (const row of rows) {
      activity.record(row)
      clock.advance(10)
    }
    await activity.flush()
    expect(await messages()).toEqual(['Bert signed in', '100% wrong', 'Anna signed in'])
    expect(await messages({ action: 'login' })).toEqual(['Bert signed in', 'Anna signed in'])
    expect(await messages({ search: 'ANNA' })).toEqual(['Anna signed in'])
    expect(await messages({ search: '0.0.2' })).toEqual(['Bert signed in'])
    expect(await messages({ search: '100% wro' })).toEqual(['100% wrong'])
    expect(await messages({ page: 2, limit: 2 })).toEqual(['Anna signed in'])
  })

  it('is filtered by who, through what, how it went and when', async () => {
    const { activity, messages, clock } = await createHarness()
    const userId = '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e'
    activity.record({ action: 'api_call', message: 'one', source: 'api_key', userId, statusCode: 200 })
    clock.advance(60_000)
    const since = clock.now().toISOString()
    activity.record({ action: 'error', message: 'two', endpointId: 'e', statusCode: 500 })
    activity.record({ action: 'login_failed', message: 'three' })
    await activity.flush()
    expect(await messages({ source: 'api_key' })).toEqual(['one'])
    expect(await messages({ userId })).toEqual(['one'])
    expect(await messages({ endpointId: 'e' })).toEqual(['two'])
    expect(await messages({ status: 'ok' })).toEqual(['one'])
    expect(await messages({ status: 'failed' })).toEqual(['three', 'two'])
    expect(await messages({ action: 'error,login_failed', until: since })).toEqual([])
    expect(await messages({ since })).toEqual(['three', 'two'])
    expect(await messages({ since: '0000-01-01T00:00:00Z', until: since })).toEqual(['one'])
  })

  it('every word of a search must occur, in message, user, address, user agent or details', async () => {
    const { activity, ctx, messages } = await createHarness()
    activity.record({ action: 'api_call', message: 'GET /api/products/4711', login: 'anna@example.com' })
    activity.record({ action: 'error', message: 'two', ip: '10.0.0.21', userAgent: 'Kiosk/2.0 (Oslo)' })
    activity.record({
      action: 'cron_run',
      message: 'three',
      details: { cronId: 'Jäger-7', lines: ['a', 'ß'] },
    })
    await activity.flush()
    const found = async (search: string) => (await messages({ search })).toSorted()
    expect(await found('prod')).toEqual(['GET /api/products/4711'])
    expect(await found('/products/47')).toEqual(['GET /api/products/4711'])
    expect(await found('ANNA get')).toEqual(['GET /api/products/4711'])
    expect(await found('anna@example.com')).toEqual(['GET /api/products/4711'])
    expect(await found('anna kiosk')).toEqual([])
    expect(await found('10.0.0.2')).toEqual(['two'])
    expect(await found('0.10')).toEqual([])
    expect(await found('oslo 2.0')).toEqual(['two'])
    expect(await found('jäger')).toEqual(['three'])
    expect(await found("o'slo \\ ß")).toEqual([])
    const nothing = activity.list(ctx, { page: 1, limit: 3, search: ' %_ ' })
    await expect(nothing).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('a search reaches every row, page after page, and no page but the last is short', async () => {
    const { activity, ctx, clock } = await createHarness(30, 4)
    for (let number = 1; number <= 20; number++) {
      activity.record({
        action: 'api_call',
        message: number % 4 === 1 ? `needle ${number}` : `row ${number}`,
      })
      clock.advance(dayMs / 4)
    }
    await activity.flush()
    const found: string[][] = []
    let cursor: string | undefined
    do {
      const { rows, nextCursor } = await activity.list(ctx, {
        page: 1,
        limit: 2,
        search: 'needle',
        ...(cursor !== undefined && { cursor }),
      })
      found.push(rows.map(({ message }) => message))
      cursor = nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(found).toEqual([['needle 17', 'needle 13'], ['needle 9', 'needle 5'], ['needle 1']])
    const wrong = activity.list(ctx, { page: 1, limit: 3, cursor: 'nonsense' })
    await expect(wrong).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('with filters it counts up to a bound and says so, and a page beyond it is refused', async () => {
    const { activity, ctx } = await createHarness(30, 4)
    for (let number = 1; number <= 6; number++) activity.record({ action: 'login', message: 'in' })
    activity.record({ action: 'logout', message: 'out' })
    await activity.flush()
    const list = (page: number, action: string) => activity.list(ctx, { page, limit: 2, action })
    expect(await list(2, 'login')).toMatchObject({ total: 4, totalIsLowerBound: true })
    expect(await list(1, 'logout')).toMatchObject({ total: 1, totalIsLowerBound: false, nextCursor: null })
    await expect(list(3, 'login')).rejects.toMatchObject({ code: 'request.invalid' })
    expect(await activity.list(ctx, { page: 1, limit: 2 })).toMatchObject({
      total: 7,
      totalIsLowerBound: false,
    })
  })

  it('a deep page of everything is the same page as without the counters of days', async () => {
    const { activity, messages, clock } = await createHarness(30, 4)
    for (let number = 1; number <= 11; number++) {
      activity.record({ action: 'api_call', message: String(number) })
      clock.advance(dayMs / 3)
    }
    await activity.flush()
    const pages: string[] = []
    for (let page = 1; page <= 5; page++) pages.push((await messages({ page, limit: 3 })).join(' '))
    expect(pages).toEqual(['11 10 9', '8 7 6', '5 4 3', '2 1', ''])
  })

  it('is followed as it grows, by whoever asks for these rows', async () => {
    const { activity, ctx } = await createHarness()
    await activity.part.start?.()
    const end = new AbortController()
    const rows = activity.follow({ ...ctx, signal: end.signal }, { action: 'login', search: 'ann' })
    const iterator = rows[Symbol.asyncIterator]()
    const first = iterator.next()
    activity.record({ action: 'error', message: 'Ann failed' })
    activity.record({ action: 'login', message: 'Bert signed in' })
    activity.record({ action: 'login', message: 'Ann signed in' })
    await activity.flush()
    expect((await first).value).toMatchObject({ message: 'Ann signed in' })
    const second = iterator.next()
    activity.record({ action: 'login', message: 'Ann again' })
    await activity.flush()
    expect((await second).value).toMatchObject({ message: 'Ann again' })
    const last = iterator.next()
    end.abort()
    expect((await last).done).toBe(true)
    await activity.part.stop?.()
  })

  it('each day has its partition; what is older than the retention goes with it', async () => {
    const { activity, messages, partitions, clock, ctx } = await createHarness(2)
    for (let day = 1; day <= 5; day++) {
      activity.record({ action: 'api_call', message: `day ${day}` })
      clock.advance(dayMs)
    }
    await activity.flush()
    expect(await partitions()).toHaveLength(5)
    await activity.maintain(systemContext('test'))
    expect(await messages()).toEqual(['day 5', 'day 4'])
    expect(await activity.count(ctx)).toBe(2)
    expect(await partitions()).toEqual([
      'activity_20260104',
      'activity_20260105',
      'activity_20260106',
      'activity_20260107',
      'activity_20260108',
    ])
  })

  it('clearing is audited and leaves one row that says so', async () => {
    const { activity, messages, ctx, database } = await createHarness()
    for (const message of ['one', 'two']) activity.record({ action: 'api_call', message })
    await activity.flush()
    expect(await activity.clear(ctx)).toBe(2)
    await activity.flush()
    expect(await messages()).toEqual(['Cleared the activity log: 2 rows'])
    const entries = await database.kysely
      .selectFrom('audit_entries')
      .select(['target_type', 'details'])
      .execute()
    expect(entries).toEqual([{ target_type: 'activity', details: { deleted: 2 } }])
  })

  it('clearing what is old keeps what is not', async () => {
    const { activity, messages, ctx, clock } = await createHarness(1)
    activity.record({ action: 'api_call', message: 'old' })
    clock.advance(3 * dayMs)
    activity.record({ action: 'api_call', message: 'new' })
    await activity.flush()
    expect(await activity.clearOld(ctx)).toBe(1)
    expect(await messages()).toEqual(['new'])
  })

  it('a day that another server has dropped is made again', async () => {
    const { activity, messages, database } = await createHarness()
    activity.record({ action: 'api_call', message: 'lost' })
    await activity.flush()
    await database.pool.query('drop table activity_20260101')
    activity.record({ action: 'api_call', message: 'kept' })
    await activity.flush()
    expect(await messages()).toEqual(['kept'])
    expect(activity.state().dropped).toBe(0)
  })

  it('is counted while it is written: what a row stands for, what failed, and who was there', async () => {
    const { activity, ctx, clock } = await createHarness()
    const userId = '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e'
    activity.record({ action: 'api_call', message: 'one', statusCode: 200, userId })
    activity.record({ action: 'api_call', message: 'more', stands: { calls: 40, errors: 3 }, userId })
    activity.record({ action: 'login_failed', message: 'no', source: 'api_key' })
    clock.advance(dayMs)
    activity.record({ action: 'error', message: 'two', statusCode: 500, userId })
    await activity.flush()
    const { days, activeUsers } = await activity.trends(ctx, '2026-01-01')
    expect(activeUsers).toBe(1)
    expect(
      days.toSorted((one, other) => one.calls - other.calls || one.day.localeCompare(other.day)),
    ).toEqual([
      { day: '2026-01-01', action: 'login_failed', source: 'api_key', calls: 1, errors: 1 },
      { day: '2026-01-02', action: 'error', source: 'direct', calls: 1, errors: 1 },
      { day: '2026-01-01', action: 'api_call', source: 'direct', calls: 41, errors: 3 },
    ])
    expect((await activity.trends(ctx, '2026-01-02')).days).toHaveLength(1)
  })

  it('a batch whose answer was lost is neither stored nor counted twice', async () => {
    const { repo, activity, ctx } = await createHarness()
    const row = (n: number) =>
      activityRow({
        action: 'api_call',
        message: String(n),
        id: `0190e0c4-7a2b-7cc3-98c5-00000000000${n}`,
        recordedAtMs: Date.UTC(2026, 0, 1),
      })
    activity.record({ action: 'login', message: 'makes the day' })
    await activity.flush()
    await repo.insert([row(1)])
    await repo.insert([row(1), row(2)])
    expect(await activity.count(ctx)).toBe(3)
    const { days } = await activity.trends(ctx, '2026-01-01')
    expect(days.find(({ action }) => action === 'api_call')?.calls).toBe(2)
  })

  it('clearing and expiry take the counts along', async () => {
    const { activity, ctx, clock } = await createHarness(1)
    activity.record({ action: 'api_call', message: 'old' })
    clock.advance(3 * dayMs)
    activity.record({ action: 'api_call', message: 'new' })
    await activity.flush()
    await activity.clearOld(ctx)
    await activity.flush()
    const after = await activity.trends(ctx, '2026-01-01')
    expect(after.days.map(({ day }) => day)).toEqual(['2026-01-04', '2026-01-04'])
    await activity.clear(ctx)
    expect(await activity.trends(ctx, '2026-01-01')).toEqual({ days: [], activeUsers: 0 })
  })

  it('what was recorded is written when the server stops', async () => {
    const { activity, messages } = await createHarness()
    activity.record({ action: 'logout', message: 'last words' })
    await activity.part.stop?.()
    expect(await messages()).toEqual(['last words'])
  })
})

describe('the activity writer', () => {
  it('while PostgreSQL is away rows wait, and the oldest are dropped and counted when there are too many', async () => {
    const { clock, ids } = await createServiceHarness()
    const written: string[] = []
    let away = true
    const writer = createActivityWriter({
      async insert(rows) {
        if (away) throw new Error('Connection terminated unexpectedly')
        written.push(...rows.map(({ message }) => message))
      },
      ensureDays: async () => undefined,
      clock,
      ids,
      logger: silentLogger,
    })
    for (let count = 0; count < 10_001; count++) writer.record({ action: 'api_call', message: String(count) })
    await writer.flush()
    expect(writer.state().buffered + writer.state().dropped).toBe(10_001)
    expect(writer.state().buffered).toBeLessThanOrEqual(10_000)
    away = false
    await writer.flush()
    expect(written.at(-1)).toBe('10000')
    expect(written).toHaveLength(10_001 - writer.state().dropped)
    expect(writer.state().dropped).toBeGreaterThan(0)
  })
})
