import type { JobHandler } from '../../work/jobs/service.ts'
import type { Schedule } from '../../work/schedules/service.ts'

/** Removes what is over and turns signing keys. Harmless to run at any time and twice. */
export function upkeepJob(tasks: readonly (() => Promise<unknown>)[]): JobHandler {
  return {
    name: 'identity.upkeep',
    attemptsMax: 5,
    async run() {
      for (const task of tasks) await task()
    },
  }
}

export const upkeepSchedule: Schedule = {
  name: 'identity.upkeep',
  cron: '43 * * * *',
  timeZone: 'UTC',
  job: 'identity.upkeep',
  payload: {},
  missed: 'run_once',
  enabled: true,
}
