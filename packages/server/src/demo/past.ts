import type { Database } from '@holdfast/database/database'
import { createTestClock } from '@holdfast/kernel/clock'
import { createIds } from '@holdfast/kernel/id'
import type { Logger } from '@holdfast/kernel/logger'
import { createActivityRepo } from '../areas/platform/activity/repo.ts'
import { createActivityWriter } from '../areas/platform/activity/writer.ts'
import type { Tables } from '../tables.ts'
import { pastWeek } from './week.ts'

const weekMs = 7 * 86_400_000

/**
 * Gives the demo's activity log a week that never was, written as every row is, with a clock that runs through that week.
 * Answers how many rows were written: none when the log has a past of its own, so that nobody's log is ever mixed with it.
 */
export async function writePast(
  { database, logger }: { database: Database<Tables>; logger: Logger },
  now: Date,
): Promise<number> {
  const today = now.toISOString().slice(0, 10)
  const { kysely } = database
  const earlier = await kysely
    .selectFrom('activity_hours')
    .select('hour')
    .where('hour', '<', `${today}T00:00:00Z`)
    .limit(1)
    .executeTakeFirst()
  if (earlier !== undefined) return 0
  const endpoints = await kysely
    .selectFrom('endpoints')
    .select(['id', 'method', 'path'])
    .orderBy('path')
    .execute()
  const users = await kysely.selectFrom('users').select(['id', 'login']).orderBy('login').execute()

  const clock = createTestClock(new Date(now.getTime() - weekMs))
  const repo = createActivityRepo(database)
  const writer = createActivityWriter({
    insert: (rows) => repo.insert(rows),
    ensureDays: (days) => database.transaction({}, (tx) => repo.partitions.ensure(tx, days)),
    clock,
    ids: createIds(clock),
    logger,
  })
  let written = 0
  for (const { atMs, entry } of pastWeek(now.getTime(), { endpoints, users })) {
    clock.advance(atMs - clock.nowMs())
    writer.record(entry)
    written += 1
    if (written % 400 === 0) await writer.flush()
  }
  await writer.part.stop?.()
  return written - writer.state().dropped
}
