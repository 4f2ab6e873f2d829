import { Cron } from 'croner'

/** What becomes of a run that nobody was there for: run once as soon as somebody is, or wait for the next time. */
export type MissedPolicy = 'run_once' | 'skip'

export interface ScheduleTimes {
  cron: string
  timeZone: string
  missed: MissedPolicy
}

/** Later than this and a run counts as missed. Covers a restart and a slow tick. */
export const lateMsMax = 60_000

/**
 * The first time after `after`, or null when there is none. Five fields, or six with seconds; times that daylight saving
 * skips or repeats are handled as croner documents.
 * @throws Error with a sentence about the expression or the time zone.
 */
export function nextRun(
  { cron, timeZone }: Pick<ScheduleTimes, 'cron' | 'timeZone'>,
  after: Date,
): Date | null {
  return new Cron(cron, { timezone: timeZone, mode: '5-or-6-parts' }).nextRun(after)
}

/** Whether a schedule that was due at `dueAt` runs now, and when it is due next. Never more than one run at once. */
export function decideDue(times: ScheduleTimes, dueAt: Date, now: Date): { run: boolean; next: Date | null } {
  const lateMs = now.getTime() - dueAt.getTime()
  return { run: times.missed === 'run_once' || lateMs <= lateMsMax, next: nextRun(times, now) }
}

/** Why `cron` and `timeZone` cannot be used, as a sentence; null when they can. */
export function scheduleFault(times: Pick<ScheduleTimes, 'cron' | 'timeZone'>): string | null {
  try {
    // Croner looks at the time zone only when it computes a time.
    nextRun(times, new Date(0))
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
