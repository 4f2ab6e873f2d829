import type { Clock } from '@holdfast/kernel/clock'
import type { EventUpkeep } from '../../work/events/delivery/upkeep.ts'
import type { JobHandler } from '../../work/jobs/service.ts'
import type { OperationsRepo } from '../../work/operations/repo.ts'
import type { Schedule } from '../../work/schedules/service.ts'
import type { Activity } from './activity/service.ts'
import type { Notifications } from './notifications/service.ts'
import type { WebhookModule } from './webhooks/module.ts'

const dayMs = 86_400_000
const eventRetentionMs = 7 * dayMs
const operationRetentionMs = 30 * dayMs

/** Removes what has expired and prepares what is coming. Harmless to run at any time and twice. */
export function upkeepJob(needs: {
  activity: Pick<Activity, 'maintain'>
  events: Pick<EventUpkeep, 'expire'>
  operations: Pick<OperationsRepo, 'removeFinishedBefore'>
  webhooks: Pick<WebhookModule, 'expire'>
  notifications: Pick<Notifications, 'expire'>
  clock: Clock
}): JobHandler {
  const { activity, events, operations, webhooks, notifications, clock } = needs
  return {
    name: 'platform.upkeep',
    attemptsMax: 5,
    async run(ctx) {
      await activity.maintain(ctx)
      await events.expire(eventRetentionMs)
      await operations.removeFinishedBefore(new Date(clock.nowMs() - operationRetentionMs))
      await webhooks.expire()
      await notifications.expire()
    },
  }
}

export const upkeepSchedule: Schedule = {
  name: 'platform.upkeep',
  cron: '17 * * * *',
  timeZone: 'UTC',
  job: 'platform.upkeep',
  payload: {},
  missed: 'run_once',
  enabled: true,
}
