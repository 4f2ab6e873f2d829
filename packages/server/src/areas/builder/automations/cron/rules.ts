import type { missedPolicies, overlapPolicies } from '@holdfast/contracts/builder/automations/cron'
import { Cron } from 'croner'

/** When cron jobs run. Pure. */

export type OverlapPolicy = (typeof overlapPolicies)[number]
export type MissedPolicy = (typeof missedPolicies)[number]

export interface CronTimes {
  schedule: string
  timeZone: string
}

/** Later than this and a run counts as missed. Covers a restart and a slow look. */
export const lateMsMax = 60_000
/** Missed runs that `all` makes up for; older ones stay missed. */
export const missedMax = 20
/** Runs of one job that may wait, and those of a `parallel` one that may run at once. */
export const waitingMax = 20
export const parallelMax = 5
/** Tries of a run whose server died. */
export const attemptsMax = 3

/** What is wrong with a schedule, or null. Five fields; nicknames such as `@daily` are not cron's five fields. */
export function timesFault({ schedule, timeZone }: CronTimes): 'schedule' | 'time_zone' | null {
  if (schedule.trim().split(/\s+/).length !== 5) return 'schedule'
  if (!isTimeZone(timeZone)) return 'time_zone'
  try {
    cronOf({ schedule, timeZone })
    return null
  } catch {
    return 'schedule'
  }
}

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    // The standard has no other way to ask.
    return false
  }
}

/** The next `count` times after `after`. Times that daylight saving skips or repeats are handled as croner documents. */
export function nextTimes(times: CronTimes, after: Date, count: number): Date[] {
  return cronOf(times).nextRuns(count, after)
}

export function nextTime(times: CronTimes, after: Date): Date | null {
  return cronOf(times).nextRun(after)
}

/**
 * Which of the times from `dueAt` to `now` are run, oldest first, and when the job is due next. A time that is hardly past
 * is not missed and always runs; of those that are missed `once` runs the last one and `all` the last `missedMax`.
 */
export function decideRuns(
  times: CronTimes & { missedRuns: MissedPolicy },
  dueAt: Date,
  now: Date,
): { run: Date[]; next: Date | null } {
  const cron = cronOf(times)
  // Backwards from now, so that a year of rest costs no more than an hour of it. A second more, because it looks before.
  const recent = cron.previousRuns(missedMax, new Date(now.getTime() + 1_000))
  const due = recent.filter((time) => time >= dueAt && time <= now).reverse()
  const next = cron.nextRun(now)
  if (times.missedRuns === 'all') return { run: due, next }
  const last = due.slice(-1)
  if (times.missedRuns === 'once') return { run: last, next }
  return { run: last.filter((time) => now.getTime() - time.getTime() <= lateMsMax), next }
}

function cronOf({ schedule, timeZone }: CronTimes): Cron {
  return new Cron(schedule, { timezone: timeZone, mode: '5-part' })
}
