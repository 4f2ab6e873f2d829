import { isProblem } from '@holdfast/contracts/kit/problem'
import type { SettingValues } from '@holdfast/contracts/platform/settings'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { type Context, systemContext } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { EventFeed } from '../../../work/events/delivery/feed.ts'
import type { JobHandler } from '../../../work/jobs/service.ts'
import { nextRun } from '../../../work/schedules/rules.ts'
import type { Schedules } from '../../../work/schedules/service.ts'
import type { Settings } from '../settings/service.ts'
import { cronOf } from './rules.ts'
import type { Backups } from './service.ts'

/** Makes backups when the settings say so. The settings are the truth; the schedule's row follows them. */
export interface BackupSchedule {
  /** RFC 3339; null when it is off. */
  nextRunAt(): string | null
  job: JobHandler
  part: Part
}

const name = 'backups.scheduled'
const timeZone = 'UTC'

export function createBackupSchedule(needs: {
  backups: Pick<Backups, 'start'>
  schedules: Schedules
  settings: Pick<Settings, 'current'>
  /** From the database: what this server holds in memory may be a moment older. */
  readSettings(ctx: Context): Promise<SettingValues>
  events: Pick<EventFeed, 'subscribe'>
  database: Pick<Database<Tables>, 'transaction'>
  clock: Clock
  logger: Logger
}): BackupSchedule {
  const { backups, schedules, settings, readSettings, events, database, clock, logger } = needs
  let unsubscribe: (() => void) | undefined

  async function follow(): Promise<void> {
    await database.transaction(systemContext('backups'), async (tx) => {
      const cron = cronOf(await readSettings(tx))
      if (cron === null) return schedules.remove(tx, name)
      await schedules.put(tx, {
        name,
        cron,
        timeZone,
        job: name,
        payload: {},
        missed: 'run_once',
        enabled: true,
      })
    })
  }

  return {
    nextRunAt() {
      const cron = cronOf(settings.current())
      return cron === null ? null : (nextRun({ cron, timeZone }, clock.now())?.toISOString() ?? null)
    },

    job: {
      name,
      attemptsMax: 5,
      async run(ctx) {
        try {
          await backups.start(ctx, { origin: 'scheduled' })
        } catch (error) {
          // Somebody makes one right now, which is as good.
          if (!isProblem(error, 'backups.already_running')) throw error
          logger.info({}, 'The scheduled backup is left out: another one is running')
        }
      },
    },

    part: {
      name: 'backup schedule',
      async start() {
        await follow()
        unsubscribe = events.subscribe(['settings.updated'], follow)
      },
      async stop() {
        unsubscribe?.()
      },
    },
  }
}
